/** Kinds of files that people put among their images and that are not read, so that an error can name them. */
import { brandsOf } from './boxes'
import { startsWith } from './kind'
import { unreadTiff } from './tiff'
import { isAnimatedWebp } from './webp'

interface UnreadKind {
  /** A name that needs no translation, or a word of src/language. */
  readonly kind: string
  matches(head: Buffer): boolean
}

const magic = (kind: string, ...magics: readonly string[]): UnreadKind => ({
  kind,
  matches: (head) => magics.some((bytes) => startsWith(head, bytes)),
})
const brand = (kind: string, ...wanted: readonly string[]): UnreadKind => ({
  kind,
  matches: (head) => brandsOf(head).some((found) => wanted.includes(found)),
})

const kinds: readonly UnreadKind[] = [
  { kind: 'HEIC', matches: (head) => isHeic(brandsOf(head)) },
  brand('RAW (CR3)', 'crx '),
  magic('RAW (CR2)', 'II*\0\x10\0\0\0CR'),
  magic('RAW (RAF)', 'FUJIFILMCCD-RAW'),
  magic('RAW (ORF)', 'IIRO', 'IIRS', 'MMOR'),
  magic('RAW (RW2)', 'IIU\0'),
  magic('PDF', '%PDF'),
  magic('PostScript', '%!PS', '\xc5\xd0\xd3\xc6'),
  { kind: 'SVG', matches: isSvg },
  magic('JPEG XL', '\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n'),
  magic('JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'),
  magic('JPEG XR', 'II\xbc'),
  magic('Photoshop (PSD)', '8BPS'),
  magic('GIMP (XCF)', 'gimp xcf'),
  magic('OpenEXR', 'v/1\x01'),
  magic('Radiance (HDR)', '#?RADIANCE', '#?RGBE'),
  magic('DirectDraw (DDS)', 'DDS '),
  magic('ICO', '\0\0\x01\0', '\0\0\x02\0'),
  magic('QOI', 'qoif'),
  magic('PAM, PFM', 'P7\n', 'PF\n', 'Pf\n'),
  magic('FITS', 'SIMPLE  ='),
  { kind: 'DICOM', matches: (head) => startsWith(head, 'DICM', 128) },
  { kind: 'webp-animated', matches: isAnimatedWebp },
  { kind: 'video', matches: isVideo },
  magic('ZIP', 'PK\x03\x04', 'PK\x05\x06'),
  magic('gzip', '\x1f\x8b'),
  magic('7z', '7z\xbc\xaf\x27\x1c'),
  magic('RAR', 'Rar!\x1a\x07'),
]

/** The brands of an AVIF may include those of HEIF, which both are. */
function isHeic(brands: readonly string[]): boolean {
  const heic = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']
  return brands.some((found) => heic.includes(found)) && !brands.some((found) => found.startsWith('avi'))
}

/** Text whose first element, or the first after a declaration and comments, is `svg`. */
function isSvg(head: Buffer): boolean {
  const text = head.toString('utf8', 0, 4096).replace(/^\ufeff/, '')
  return /^\s*<(\?xml|!--|!DOCTYPE\s+svg|svg[\s>])/i.test(text) && /<svg[\s>]/i.test(text)
}

function isVideo(head: Buffer): boolean {
  const isRiff = startsWith(head, 'RIFF') && startsWith(head, 'AVI ', 8)
  const isMatroska = startsWith(head, '\x1a\x45\xdf\xa3')
  const brands = brandsOf(head)
  return isRiff || isMatroska || brands.some((found) => /^(isom|iso\d|mp4\d|qt {2}|M4V |3gp\d)$/.test(found))
}

/** The kind of a file that is recognised but not read; null if it is not recognised, or is read. */
export function unreadImageKind(bytes: Buffer): string | null {
  return kinds.find((kind) => kind.matches(bytes))?.kind ?? unreadTiff(bytes) ?? unreadJpeg(bytes)
}

const frameNames: Readonly<Record<number, string>> = {
  0xc3: 'JPEG (lossless)',
  0xc5: 'JPEG (hierarchical)',
  0xc9: 'JPEG (arithmetic)',
  0xca: 'JPEG (arithmetic)',
  0xf7: 'JPEG-LS',
}

/** The first frame of a JPEG that no decoder here reads. */
function unreadJpeg(bytes: Buffer): string | null {
  if (!startsWith(bytes, '\xff\xd8\xff')) return null
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0
    if (frameNames[marker] !== undefined) return frameNames[marker]
    if (marker === 0xda || marker < 0xc0) return null
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
