/**
 * Decoders compiled to WebAssembly (@jsquash). The .wasm lies beside the bundled program, else in node_modules. No SIMD
 * and no BigInt: Electron 9 lacks both.
 */
import { existsSync, readFileSync } from 'fs'
import { dirname, join } from 'path'
import type { DecodedImage } from './decoded-image'

/** What an Emscripten module of @jsquash gives: RGBA, or null. */
interface Codec {
  decode(bytes: ArrayBuffer, depth?: 8): DecodedRgba | null
}

interface DecodedRgba {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

type Exports = Record<string, unknown>
interface Instance {
  readonly exports: Exports
}

/** The part of WebAssembly that is used; TypeScript declares it for browsers only. */
interface WebAssemblyOfNode {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => Instance
}

interface CodecOptions {
  readonly noInitialRun: true
  instantiateWasm(imports: object, done: (instance: Instance) => void): Exports
  print(text: string): void
  printErr(text: string): void
}

type MakeCodec = (options: CodecOptions) => Promise<Codec>

/** The memory of an instance never shrinks: one that decoded more than this is not used again. */
const mostKept = 2_000_000

/** The codecs construct browsers' ImageData, of which Node has none. */
class ImageDataOfNode implements DecodedRgba {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/** Beside this program, or in the node_modules of one of the folders above it. */
function wasmFile(folder: string, name: string): string {
  const beside = join(__dirname, name)
  if (existsSync(beside)) return beside
  for (let above = __dirname; above !== dirname(above); above = dirname(above)) {
    const installed = join(above, 'node_modules', folder, name)
    if (existsSync(installed)) return installed
  }
  return beside
}

/** Returns a function that decodes with this codec; it throws if the codec cannot decode the bytes. */
export function wasmDecoder(
  load: () => Promise<{ readonly default: unknown }>,
  folder: string,
  name: string,
  ...depth: [] | [8]
): (bytes: Buffer) => Promise<DecodedImage> {
  let compiled: object | null = null
  let codec: Promise<Codec> | null = null

  async function start(): Promise<Codec> {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyOfNode }
    const module = (compiled ??= new WebAssembly.Module(readFileSync(wasmFile(folder, name))))
    const scope = globalThis as { ImageData?: unknown }
    scope.ImageData ??= ImageDataOfNode
    const make = (await load()).default as MakeCodec
    return make({
      noInitialRun: true,
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports)
        done(instance)
        return instance.exports
      },
      print: () => undefined,
      printErr: () => undefined,
    })
  }

  return async (bytes) => {
    codec ??= start()
    const current = await codec
    // After an error the instance may be in any state.
    codec = null
    const image = current.decode(Uint8Array.from(bytes).buffer, ...depth)
    if (image === null) throw new Error('not decoded')
    const { width, height, data } = image
    if (width * height <= mostKept) codec = Promise.resolve(current)
    return { width, height, channels: 4, pixels: new Uint8Array(data.buffer, data.byteOffset, data.length) }
  }
}
