/** Formats that are read. */
export const readableFormats = ['png', 'jpeg', 'webp', 'tiff', 'bmp', 'gif', 'pnm', 'avif'] as const
export type ReadableFormat = (typeof readableFormats)[number]

/** What the first bytes of a file say it is: a format that is read, another image format by name, or null. */
export type RecognisedFormat =
  { readable: true; format: ReadableFormat } | { readable: false; name: string } | null

/** Bytes that `recogniseFormat` looks at. */
export const magicSizeBytes = 32

const bitmapHeaderSizes = new Set([12, 16, 40, 52, 56, 64, 108, 124])

const read = (format: ReadableFormat): RecognisedFormat => ({ readable: true, format })
const known = (name: string): RecognisedFormat => ({ readable: false, name })

/** Recognises an image by its content; a file's extension says nothing. */
export function recogniseFormat(bytes: Uint8Array): RecognisedFormat {
  const text = String.fromCharCode(...bytes.subarray(0, magicSizeBytes))
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return read('png')
  if (text.startsWith('\xff\xd8\xff')) return read('jpeg')
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return read('webp')
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) {
    return text.slice(8, 10) === 'CR' ? known('Camera raw') : read('tiff')
  }
  if (text.startsWith('II+\0') || text.startsWith('MM\0+')) return read('tiff')
  if (text.startsWith('BM') && bytes.length >= 26 && bitmapHeaderSizes.has(bytes[14]) && bytes[15] === 0) {
    return read('bmp')
  }
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return read('gif')
  if (/^(P[1-6]\s+[#\d]|P7\s+[#A-Z])/.test(text)) return read('pnm')
  return otherImage(text)
}

/** Image formats that are not read, so that the reason can name them. */
function otherImage(text: string): RecognisedFormat {
  if (text.slice(4, 8) === 'ftyp') {
    const brand = text.slice(8, 12)
    if (brand === 'avif') return read('avif')
    if (brand === 'avis') return known('A film in AVIF')
    if (brand.startsWith('crx')) return known('Camera raw')
    if (['hei', 'hev', 'mif', 'msf'].includes(brand.slice(0, 3))) return known('HEIC')
    return null
  }
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL ')) return known('JPEG XL')
  if (text.startsWith('\0\0\0\x0cjP  ')) return known('JPEG 2000')
  if (text.startsWith('8BPS')) return known('Photoshop')
  if (text.startsWith('\x76\x2f\x31\x01')) return known('OpenEXR')
  if (text.startsWith('qoif')) return known('QOI')
  if (text.startsWith('\0\0\x01\0')) return known('ICO')
  if (text.includes('<svg')) return known('SVG')
  return null
}
