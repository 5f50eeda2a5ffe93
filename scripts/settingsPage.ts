import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { flagOf, fullLabel, settingKeys, settingOf, type SettingKey } from '#shared/settings/runSettings.ts'
import { choicesOf, type Condition, type Setting } from '#shared/settings/setting.ts'
import { rangeText } from '#shared/settings/settingSchema.ts'
import { columnOf } from '#shared/domain/usedSettings.ts'
import { sweepParameters } from '#shared/domain/sweep.ts'

/** docs/settings.md, made from the table of settings. */
export async function formatSettingsPage(): Promise<string> {
  const head = ['setting', 'option', 'values', 'default', 'what it does', 'used with', 'in queries']
  const text = `# Settings of a run

Everything that, with the dataset and the first weights, decides what a run becomes. This page is made from the table in
\`shared/settings\` by \`node scripts/settingsPage.ts\`; so are the schema, the options of the command line, the forms, the
tables, the charts, the sweeps and the reports. A setting that is not used changes nothing, is not shown and cannot be wrong.

${row(head)}
${row(head.map(() => '---'))}
${settingKeys.map((key) => row(cellsOf(key))).join('\n')}

A sweep (\`lab sweep --grid\`) can vary ${sweepParameters.join(', ')}.
`
  return format(text, { parser: 'markdown', printWidth: 110 })
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function cellsOf(key: SettingKey): string[] {
  const setting = settingOf(key)
  return [
    fullLabel(setting),
    `\`--${flagOf(key)}\``,
    setting.kind === 'choice' ? choicesOf(setting).join(', ') : rangeText(setting),
    String(setting.default) + earlier(setting),
    setting.variant
      ? `${setting.what} With ${conditionText(setting.variant.with)}, ${setting.variant.label.toLowerCase()}: ${setting.variant.what}`
      : setting.what,
    conditionText(setting.onlyWith),
    [columnOf(key), ...(setting.aliases ?? [])].map((name) => `\`${name}\``).join(', '),
  ]
}

const conditionText = (condition: Condition = {}): string =>
  Object.values(condition)
    .map((values) => values.join(', '))
    .join('; ')

/** What runs have that were made before the setting was, or before its default changed. */
const earlier = ({ since, default: now }: Setting): string =>
  since === undefined || since.before === now ? '' : `; before ${since.before}`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('../docs/settings.md', import.meta.url), await formatSettingsPage())
}
