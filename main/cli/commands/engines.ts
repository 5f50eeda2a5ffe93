import { probeEngines } from '#main/engine/engines.ts'
import { labCommand } from '../command.ts'
import { table } from '../text.ts'

export const enginesCommand = labCommand(
  'engines',
  'what this machine can compute on, and which one auto takes and why',
  async () => {
    const engines = await probeEngines()
    const rows = engines.map(({ engine, available, device, reason, auto }) => [
      auto ? `${engine} (auto)` : engine,
      available ? 'yes' : 'no',
      device || '–',
      reason,
    ])
    return { json: engines, text: table(['engine', 'here', 'device', 'why'], rows) }
  },
)
