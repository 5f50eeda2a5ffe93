/** Samples of pixels as a decoder hands them over. */
export interface Samples {
  /** Of a pixel: grey; grey and alpha; red, green and blue; these and alpha. */
  samples: 1 | 2 | 3 | 4
  /** Row by row, the samples of a pixel together: shares of 255, of 65,535, or floats that are values themselves. */
  values: Uint8Array | Uint16Array | Float32Array
}

/** An image as a decoder hands it over: height × width × samples. */
export interface Decoded extends Samples {
  width: number
  height: number
}
