/** Texts of set-up and doctor in English and Chinese, as plain strings because no package is installed yet. */

export const en = {
  'node-too-old':
    'Node {version} cannot run this project: install Node 20.19 or later, 22.12 or later, or 24 (https://nodejs.org).',
  'step-begins': 'set-up: {step} ...',
  'step-ends': 'set-up: {step}: done in {seconds} s',

  'installing-packages': 'installing npm packages',
  fetching: 'fetching {part} {version} ({megabytes} MB)',
  'fetching-electron': 'fetching the current Electron, by its npm package',
  'unpacking-tensorflow': 'unpacking TensorFlow {version} (850 MB)',
  'unpacking-electron': 'unpacking Electron {version}, in place of the current one',
  'compiling-addon': 'compiling the tfjs-node addon (about 15 s)',
  'placing-tensorflow': 'placing TensorFlow {version} under tfjs-node',
  'converting-backbone': 'converting the weights of {part}',
  'installing-tensorflow': 'TensorFlow for this machine, by the installer of @tensorflow/tfjs-node',
  'bundling-programs': 'bundling the programs',
  'bundling-page': 'bundling the page',
  'wrong-limit': '--limit {limit}: a whole number of runs, 0 or more.',
  'unknown-task': '--only {task}: no such task. There are: {tasks}.',
  'unknown-scene': '--only {scene}: no such picture. There are: {scenes}.',
  'not-bundled': 'The sources could not be bundled: see above.',
  'installing-system': 'installing system packages: {packages}',
  packing: 'packing the program with Electron {version}',
  'making-tarball': 'making the .tar.gz',
  'making-deb': 'making the .deb',
  'making-peer': 'PyTorch, the peer for speed and checkpoints (several hundred MB)',

  'wheel-damaged': 'set-up: {file} in the cache is damaged: fetching it again',
  'wheel-wrong':
    '{part}: what was fetched as {file} is not the pinned file (SHA-256 {found}, expected {expected}), so it was not used. Run the command again, or put the right file into {folder}.',
  'wheel-not-fetched':
    '{part} {version} could not be fetched: {reason}. Check the network and run the command again, or put {file} into {folder}.',
  'wheel-not-unpacked': '{file} could not be unpacked into {folder}: {reason}.',
  'python-missing':
    'Python 3 is missing, and fetching {part} needs it: install it (Debian: apt-get install python3 python3-pip).',
  'pip-missing':
    'pip is missing from {command}, and fetching {part} needs it: install it (Debian: apt-get install python3-pip).',
  'npm-missing': 'npm is missing: install Node with npm (https://nodejs.org).',
  'packages-not-installed':
    'The npm packages could not be installed: {reason}. Check the network and run the command again.',
  'compiler-missing':
    'The tfjs-node addon could not be compiled: {compiler} is missing. Install it (Debian: apt-get install g++).',
  'addon-not-compiled': 'The tfjs-node addon could not be compiled by {compiler}: {reason}.',
  'backbone-not-converted': 'The weights of {part} in {file} could not be converted: {reason}',
  'tensorflow-not-installed':
    'TensorFlow could not be had for {platform}: the installer of @tensorflow/tfjs-node failed. Check the network and run the command again.',
  'electron-in-place':
    'The current Electron could not be fetched from its release host; Electron {version} takes its place. To try again: npm run setup',
  'electron-not-fetched':
    'Electron could not be fetched, so there is no window yet: the lab works in a browser and in the terminal. Check the network, then run: npm run setup',
  'system-missing': 'Missing system packages. Install them with: {apt}',
  'peer-not-made': 'PyTorch could not be installed ({reason}); what compares with it is left out.',
  'package-made': '{file} ({megabytes} MB)',
  'appimage-not-made':
    'No AppImage is made with Electron {version}: the tools for it come from the release host that could not be reached.',
  'appimage-failed': 'The AppImage could not be made: {reason}',
  'deb-not-made': 'The .deb could not be made: {reason}',
  'tarball-not-made': 'The .tar.gz could not be made: see above.',
  'strip-missing':
    "TensorFlow's library could not be rid of its symbols: strip is missing or failed. Install it (Debian: apt-get install binutils).",
  'sandbox-option': '{file} turns off a part of the sandbox; no package is made of it.',
  'sbom-not-made': 'npm could not list what the program is made of: {reason}',
  unreachable: 'the package index cannot be reached',
  'no-reason': 'no reason was given',

  'no-display': 'There is no display here, so the lab opens in a browser instead.',
  'root-without-window':
    'Electron {version} does not run as root, so the lab opens in a browser instead. As another user, npm start opens its window.',
  'old-electron': 'Electron {version} (old, in place of the current one) is started with {options}.',

  'doctor-ok': 'Everything is here.',
  'doctor-warning': 'There is nothing for you to install; npm start gets what it still needs.',
  'doctor-missing': 'Install what is missing, then run npm start.',
  'doctor-help': 'Usage: npm run -s lab -- doctor [--json] [--lang en|zh]',
  'option-unknown': 'There is no option "{text}" here; did you mean "{nearest}"?',
  'argument-unknown': 'The command "{command}" has no use for "{text}".',
  'option-lacks-value': '{text} needs a value after it.',
  'option-takes-none': '{text}: this option takes no value.',
  'state-ok': 'ok',
  'state-missing': 'missing',
  'state-warning': 'warning',
  'hint-install': 'install it',
  'hint-pending': 'npm start gets it',
  'hint-unneeded': 'not needed on this machine',
  'hint-old-electron': 'in place of the current one; to try again: npm run setup',
  'hint-peer': 'only comparisons with PyTorch need it: node build/peer.mjs',
  'hint-open-to-others': "other users of this machine may look into it: chmod 700 '{folder}'",
  'part-node': 'Node',
  'part-backbone': 'EfficientNet-Lite0',
  'part-npm': 'npm',
  'part-python': 'Python',
  'part-pip': 'pip',
  'part-compiler': 'C++ compiler',
  'part-make': 'make',
  'part-headers': 'Node-API headers',
  'part-packages': 'npm packages',
  'part-tfjs-node': 'tfjs-node addon',
  'part-tensorflow': 'TensorFlow library',
  'part-electron': 'Electron',
  'part-window': 'libraries of the window',
  'part-tests': 'programs of the tests',
  'part-mnist': 'MNIST',
  'part-usps': 'USPS',
  'part-data-folder': 'data folder',
  'part-cache': 'cache',
  'part-peer': 'PyTorch (for bench)',
}

/** @type {typeof en} */
export const zh = {
  'node-too-old':
    'Node {version} 无法运行本项目：请安装 Node 20.19 或更高、22.12 或更高，或 24（https://nodejs.org）。',
  'step-begins': '准备：{step} ……',
  'step-ends': '准备：{step}：完成，用时 {seconds} 秒',

  'installing-packages': '安装 npm 软件包',
  fetching: '下载 {part} {version}（{megabytes} MB）',
  'fetching-electron': '通过 npm 软件包下载当前版本的 Electron',
  'unpacking-tensorflow': '解压 TensorFlow {version}（850 MB）',
  'unpacking-electron': '解压 Electron {version}，代替当前版本',
  'compiling-addon': '编译 tfjs-node 插件（约 15 秒）',
  'placing-tensorflow': '把 TensorFlow {version} 放到 tfjs-node 之下',
  'converting-backbone': '转换 {part} 的权重',
  'installing-tensorflow': '用 @tensorflow/tfjs-node 自带的安装程序获取适合本机的 TensorFlow',
  'bundling-programs': '打包程序',
  'bundling-page': '打包页面',
  'wrong-limit': '--limit {limit}：应为不小于 0 的整数次运行。',
  'unknown-task': '--only {task}：没有这项任务。现有：{tasks}。',
  'unknown-scene': '--only {scene}：没有这张图。可用的有：{scenes}。',
  'not-bundled': '无法打包源代码：原因见上。',
  'installing-system': '安装系统软件包：{packages}',
  packing: '用 Electron {version} 打包程序',
  'making-tarball': '制作 .tar.gz',
  'making-deb': '制作 .deb',
  'making-peer': 'PyTorch，用于对比速度和检查点（数百 MB）',

  'wheel-damaged': '准备：缓存中的 {file} 已损坏，正在重新下载',
  'wheel-wrong':
    '{part}：下载到的 {file} 不是所锁定的文件（SHA-256 为 {found}，应为 {expected}），因此没有使用。请重新运行命令，或把正确的文件放入 {folder}。',
  'wheel-not-fetched':
    '无法下载 {part} {version}：{reason}。请检查网络后重新运行命令，或把 {file} 放入 {folder}。',
  'wheel-not-unpacked': '无法把 {file} 解压到 {folder}：{reason}。',
  'python-missing':
    '缺少 Python 3，而下载 {part} 需要它：请安装（Debian：apt-get install python3 python3-pip）。',
  'pip-missing': '{command} 缺少 pip，而下载 {part} 需要它：请安装（Debian：apt-get install python3-pip）。',
  'npm-missing': '缺少 npm：请安装带有 npm 的 Node（https://nodejs.org）。',
  'packages-not-installed': '无法安装 npm 软件包：{reason}。请检查网络后重新运行命令。',
  'compiler-missing': '无法编译 tfjs-node 插件：缺少 {compiler}。请安装（Debian：apt-get install g++）。',
  'addon-not-compiled': '{compiler} 无法编译 tfjs-node 插件：{reason}。',
  'backbone-not-converted': '无法转换 {file} 中 {part} 的权重：{reason}',
  'tensorflow-not-installed':
    '无法为 {platform} 获取 TensorFlow：@tensorflow/tfjs-node 的安装程序失败。请检查网络后重新运行命令。',
  'electron-in-place':
    '无法从发布站点下载当前版本的 Electron，改用 Electron {version}。要再试一次：npm run setup',
  'electron-not-fetched':
    '无法下载 Electron，因此暂时没有窗口：实验室可在浏览器和终端中使用。请检查网络，然后运行：npm run setup',
  'system-missing': '缺少系统软件包。安装命令：{apt}',
  'peer-not-made': '无法安装 PyTorch（{reason}）；与它的对比将略去。',
  'package-made': '{file}（{megabytes} MB）',
  'appimage-not-made': '没有用 Electron {version} 制作 AppImage：制作工具来自无法连接的发布站点。',
  'appimage-failed': '无法制作 AppImage：{reason}',
  'deb-not-made': '无法制作 .deb：{reason}',
  'tarball-not-made': '无法制作 .tar.gz：原因见上。',
  'strip-missing':
    '无法去除 TensorFlow 库中的符号：缺少 strip，或它运行失败。请安装（Debian：apt-get install binutils）。',
  'sandbox-option': '{file} 关闭了沙箱的一部分，因此不用它制作软件包。',
  'sbom-not-made': 'npm 无法列出程序的组成：{reason}',
  unreachable: '无法连接软件包索引',
  'no-reason': '没有给出原因',

  'no-display': '这里没有显示器，因此改在浏览器中打开实验室。',
  'root-without-window':
    'Electron {version} 不以 root 身份运行，因此改在浏览器中打开实验室。换一个用户运行 npm start 即可打开窗口。',
  'old-electron': 'Electron {version}（旧版，代替当前版本）以 {options} 启动。',

  'doctor-ok': '一切就绪。',
  'doctor-warning': '没有需要你安装的；尚缺的部分会由 npm start 获取。',
  'doctor-missing': '请先安装缺少的部分，然后运行 npm start。',
  'doctor-help': '用法：npm run -s lab -- doctor [--json] [--lang en|zh]',
  'option-unknown': '这里没有“{text}”这个选项，是不是“{nearest}”？',
  'argument-unknown': '命令“{command}”用不到“{text}”。',
  'option-lacks-value': '{text} 后面需要一个值。',
  'option-takes-none': '{text}：这个选项不带值。',
  'state-ok': '正常',
  'state-missing': '缺少',
  'state-warning': '注意',
  'hint-install': '请安装',
  'hint-pending': '由 npm start 获取',
  'hint-unneeded': '本机不需要',
  'hint-old-electron': '代替当前版本；要再试一次：npm run setup',
  'hint-peer': '只有与 PyTorch 的对比需要它：node build/peer.mjs',
  'hint-open-to-others': "本机的其他用户可以查看它：chmod 700 '{folder}'",
  'part-node': 'Node',
  'part-backbone': 'EfficientNet-Lite0',
  'part-npm': 'npm',
  'part-python': 'Python',
  'part-pip': 'pip',
  'part-compiler': 'C++ 编译器',
  'part-make': 'make',
  'part-headers': 'Node-API 头文件',
  'part-packages': 'npm 软件包',
  'part-tfjs-node': 'tfjs-node 插件',
  'part-tensorflow': 'TensorFlow 库',
  'part-electron': 'Electron',
  'part-window': '窗口所需的库',
  'part-tests': '测试所需的程序',
  'part-mnist': 'MNIST',
  'part-usps': 'USPS',
  'part-data-folder': '数据文件夹',
  'part-cache': '缓存',
  'part-peer': 'PyTorch（用于 bench）',
}

/** @typedef {keyof typeof en} Word */

const tables = { en, zh }

/**
 * @param {readonly string[]} args of the program; `--lang zh` overrides the environment
 * @returns {'en' | 'zh'}
 */
export function languageOf(args = process.argv, env = process.env) {
  const asked = args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length)
  const next = args.includes('--lang') ? args[args.indexOf('--lang') + 1] : undefined
  const locale = asked ?? next ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || '')
  return /^zh\b|^zh_/i.test(locale) ? 'zh' : 'en'
}

/**
 * @param {Word} key
 * @param {Record<string, string | number>} values for the placeholders in braces
 */
export function sentence(key, values = {}, language = languageOf()) {
  return tables[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
}
