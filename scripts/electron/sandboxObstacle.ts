import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SETUID = 0o4000
const OBSTACLES = [
  { setting: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns', value: '1' },
  { setting: '/proc/sys/kernel/unprivileged_userns_clone', value: '0' },
] as const

/**
 * Why Chromium's sandbox cannot start for an ordinary user of this Linux, with the mend. Ubuntu 24.04
 * and old Debians let no program make a user namespace, and Chromium's own message is a crash.
 * @returns undefined if nothing is known to be in the way.
 */
export function sandboxObstacle(
  executable: string,
  readSetting: (path: string) => string = readSettingFile,
): string | undefined {
  const helper = join(dirname(executable), 'chrome-sandbox')
  if (existsSync(helper)) {
    const { uid, mode } = statSync(helper)
    if (uid === 0 && (mode & SETUID) !== 0) return undefined
  }
  const { setting } = OBSTACLES.find(({ setting, value }) => readSetting(setting) === value) ?? {}
  if (setting === undefined) return undefined
  return (
    `This system does not let Electron make its sandbox (${setting}): run ` +
    `\`sudo chown root:root ${helper} && sudo chmod 4755 ${helper}\` once, ` +
    'or start without a sandbox by `npm start -- --no-sandbox`.'
  )
}

function readSettingFile(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
}
