declare module 'svgcanvas' {
  /** The 2D canvas' interface, which writes an SVG. */
  export class Context {
    constructor(size: { width: number; height: number })
    getSerializedSvg(fixNamedEntities?: boolean): string
  }
}
