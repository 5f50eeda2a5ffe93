import { Menu, nativeImage, Tray, type BrowserWindow } from 'electron'

const iconSize = 32

/** The lab without a window: an icon in the tray, where the desktop has one, brings the window back. */
export function createBackground(window: BrowserWindow, quit: () => void) {
  let tray: Tray | null = null
  let isInBackground = false

  // Whoever shows it: a second start, a click on a notice.
  window.on('show', () => {
    tray?.destroy()
    tray = null
    isInBackground = false
  })

  function show(): void {
    if (window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  return {
    show,
    isInBackground: () => isInBackground,
    hide(): void {
      isInBackground = true
      window.hide()
      tray ??= new Tray(drawIcon())
      tray.setToolTip('Rho Lab is training')
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: 'Show Rho Lab', click: show },
          {
            label: 'Quit…',
            // The question stands before a window.
            click() {
              show()
              quit()
            },
          },
        ]),
      )
      tray.on('click', show)
    },
  }
}

/** Four filters of two greys: seen on a light bar and on a dark one. */
function drawIcon(): Electron.NativeImage {
  const pixels = Buffer.alloc(iconSize * iconSize * 4)
  const filter = iconSize / 2
  for (let y = 0; y < iconSize; y++) {
    for (let x = 0; x < iconSize; x++) {
      const isGap = x % filter < 1 || y % filter < 1
      const isLight = x % filter < filter / 2 === (x < filter !== y < filter)
      pixels.fill(isLight ? 200 : 90, (y * iconSize + x) * 4, (y * iconSize + x) * 4 + 3)
      pixels[(y * iconSize + x) * 4 + 3] = isGap ? 0 : 255
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: iconSize, height: iconSize, scaleFactor: 2 })
}
