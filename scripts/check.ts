import { repository } from './buildIfStale.ts'
import { captureCommand } from './command.ts'

/** `npm run check`: its parts at the same time, each of which keeps one core busy. */
const parts = ['check:types', 'check:format', 'check:layers', 'check:unused', 'check:lint']

const npm = process.env['npm_execpath']
if (npm === undefined) throw new Error('Start this by `npm run check`.')
const exitCodes = await Promise.all(
  parts.map(async (part) => {
    const command = await captureCommand(process.execPath, [npm, 'run', '-s', part], { cwd: repository })
    // Whole, so that what two parts say is not mixed.
    process.stdout.write(`${part}\n${command.stdout}${command.stderr}`)
    return command.exitCode
  }),
)
process.exitCode = exitCodes.some((code) => code !== 0) ? 1 : 0
