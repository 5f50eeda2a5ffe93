/**
 * WebGPU that gives the fast one of two graphics cards to whom asks for none in particular, as gpu.js does.
 * @param gpu  the entry point, changed
 */
export function preferFast(gpu: GPU): GPU {
  const request = gpu.requestAdapter.bind(gpu)
  Object.defineProperty(gpu, 'requestAdapter', {
    value: (options?: GPURequestAdapterOptions) =>
      request({ powerPreference: 'high-performance', ...options }),
    configurable: true,
  })
  return gpu
}
