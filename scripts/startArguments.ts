export interface StartArguments {
  /** Asked for by name: `--fallback-electron`. */
  readonly allowFallback: boolean
  /** All other arguments, for the app. */
  readonly appArguments: readonly string[]
  /** The one argument that the demo on the command line understands too. */
  readonly library: string | undefined
}

export function readStartArguments(given: readonly string[]): StartArguments {
  const appArguments = given.filter((argument) => argument !== '--fallback-electron')
  const at = appArguments.findIndex((argument) => /^--library(=|$)/.test(argument))
  const named = appArguments[at]
  return {
    allowFallback: appArguments.length < given.length,
    appArguments,
    library: named?.includes('=') ? named.slice(named.indexOf('=') + 1) : appArguments[at + 1 || NaN],
  }
}

/** Whether a window can be opened here. Only X11 and Wayland can be absent. */
export function hasDisplay(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}
