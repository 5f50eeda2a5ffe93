import { basename, dirname } from 'node:path'
import { captureCommand } from '../command.ts'

/**
 * Packs an unpacked app as `.tar.gz`, its one folder called `name`, everything owned by root.
 * @param level of gzip, 1 (fast) to 9 (small)
 * @throws Error with what tar says
 */
export async function makeTarball(folder: string, file: string, name: string, level = 9): Promise<void> {
  const { exitCode, stderr } = await captureCommand('tar', [
    `--use-compress-program=gzip -${level}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    // Names only: a link keeps what it points to.
    `--transform=flags=rh;s,^${basename(folder)},${name},`,
    '-cf',
    file,
    '-C',
    dirname(folder),
    basename(folder),
  ])
  if (exitCode !== 0) throw new Error(`tar could not pack ${folder}: ${stderr.trim()}`)
}
