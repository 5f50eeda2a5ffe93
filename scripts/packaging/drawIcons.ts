import { Transformer } from '@napi-rs/image'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** As desktops on Linux look for them; electron-builder makes the others' own formats of the largest. */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

/** Draws the app's mark (renderer/components/shell/AppMark.vue) as `NxN.png` in a folder. */
export function drawIcons(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const drawing = readFileSync(join(import.meta.dirname, 'icon.svg'), 'utf8')
  for (const size of sizes)
    writeFileSync(
      join(folder, `${size}x${size}.png`),
      Transformer.fromSvg(drawing).resize(size, size).pngSync(),
    )
}
