import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readRegularText } from '#db/regularFile.ts'
import { makeFolder } from '../exportRuns.ts'
import { writeWhole } from '../writeWhole.ts'
import { formatYaml, yamlText } from './yaml.ts'

export interface Experiment {
  id: string
  folder: string
}

const experimentName = 'Rho Lab'
// Any digits that MLflow would not choose again: its own are as long and random.
const experimentId = '720411980523014296'
const defaultExperiment = { id: '0', name: 'Default' }

/** The experiment "Rho Lab" of an MLflow file store; made, with the store, where it is missing. */
export async function openExperiment(store: string): Promise<Experiment> {
  const root = await makeFolder(store)
  const folders = await readdir(root, { withFileTypes: true })
  for (const { name } of folders.filter((entry) => entry.isDirectory())) {
    const meta = metaOf(path.join(root, name, 'meta.yaml'))
    if (yamlText(meta, 'name') === experimentName && yamlText(meta, 'lifecycle_stage') === 'active') {
      return { id: name, folder: path.join(root, name) }
    }
  }
  // MLflow makes this one with every new store.
  if (folders.length === 0) await makeExperiment(root, defaultExperiment)
  return makeExperiment(root, { id: experimentId, name: experimentName })
}

async function makeExperiment(root: string, { id, name }: { id: string; name: string }): Promise<Experiment> {
  const folder = await makeFolder(path.join(root, id))
  const now = Date.now()
  const meta = {
    artifact_location: pathToFileURL(folder).href,
    creation_time: now,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: 'active',
    name,
  }
  await writeWhole(path.join(folder, 'meta.yaml'), Buffer.from(formatYaml(meta)))
  return { id, folder }
}

function metaOf(file: string): string {
  try {
    return readRegularText(file)
  } catch {
    return ''
  }
}
