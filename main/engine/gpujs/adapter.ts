import type { Adapter } from './gpuDevice.ts'

/** Renderers that compute on the processor: SwiftShader, Mesa's llvmpipe and softpipe, Windows' WARP. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i

const adapterOf = (name: string, isFallback = false): Adapter => {
  const hardware = !isFallback && !software.test(name)
  return { name: hardware ? name : `${name} (software)`, hardware }
}

/** @param adapter  Dawn names the card; Chromium, not to tell users apart, only its family */
export function webGpuAdapter(adapter: { info: GPUAdapterInfo }): Adapter {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const family = `${vendor} ${architecture}`.trim()
  // A card's name has words; a bare number or key says less than the family.
  const name = device.includes(' ') ? device : description || family || 'GPU'
  return adapterOf(name, isFallbackAdapter || software.test(family))
}

export function webGl2Adapter(gl: WebGL2RenderingContext): Adapter {
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  return adapterOf(String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER)))
}
