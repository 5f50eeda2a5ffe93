import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { checkLayers, countSources } from '../../scripts/checkLayers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A small tree with the project's own folders and one file that breaks a rule. */
async function treeWith(file: string, text: string): Promise<string> {
  const tree = await mkdtemp(path.join(os.tmpdir(), 'rho-lab-layers-'))
  for (const folder of ['main/cli', 'main/app', 'renderer/components', 'shared', 'db', 'scripts', 'test']) {
    await mkdir(path.join(tree, folder), { recursive: true })
  }
  await cp(path.join(root, 'package.json'), path.join(tree, 'package.json'))
  await writeFile(path.join(tree, 'db/library.ts'), 'export const library = 1\n')
  await writeFile(path.join(tree, 'renderer/components/row.ts'), 'export const row = 1\n')
  await writeFile(path.join(tree, 'main/app/window.ts'), 'export const window = 1\n')
  await writeFile(path.join(tree, 'test/maker.ts'), 'export const maker = 1\n')
  await mkdir(path.join(tree, path.dirname(file)), { recursive: true })
  await writeFile(path.join(tree, file), text)
  return tree
}

it.each([
  [
    'renderer/view.ts',
    "import { library } from '#db/library.ts'\nexport default library\n",
    'renderer-sees-shared-only',
  ],
  [
    'renderer/stores/runs.ts',
    "import { row } from '../components/row.ts'\nexport default row\n",
    'stores-know-no-component',
  ],
  [
    'renderer/composables/useRow.ts',
    "import { row } from '../components/row.ts'\nexport default row\n",
    'composables-know-no-component',
  ],
  [
    'shared/model.ts',
    "import { readFileSync } from 'node:fs'\nexport default readFileSync\n",
    'shared-has-no-node',
  ],
  [
    'main/cli/show.ts',
    "import { window } from '../app/window.ts'\nexport default window\n",
    'cli-knows-no-window',
  ],
  [
    'main/session/runSession.ts',
    "import os from 'node:os'\nexport default os\n",
    'training-loop-runs-anywhere',
  ],
  [
    'main/app/tray.ts',
    "import { maker } from '../../test/maker.ts'\nexport default maker\n",
    'nothing-imports-test',
  ],
])('reports %s', async (file, text, rule) => {
  const { violations } = await checkLayers(await treeWith(file, text))
  expect(violations).toEqual([expect.objectContaining({ rule, from: file })])
})

it('reads every source file of the project, so that it cannot pass for want of looking', async () => {
  const { files } = await checkLayers(root)
  expect(files).toBeGreaterThanOrEqual(countSources(root))
})
