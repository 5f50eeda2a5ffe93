/** The bytes of an array, without a copy. Blobs are little-endian, as is every machine this runs on. */
export function bytesOf(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** A copy, since a blob column may start at any byte and float32 may not. */
export function float32Of(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
