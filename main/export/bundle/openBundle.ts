import { createHash } from 'node:crypto'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { openFileSource, type ByteSource } from '../byteSource.ts'
import { stopHere } from '../stopHere.ts'
import { listZip, type ZipMember } from '../zip.ts'
import { bundleFilePattern, datasetFiles, manifestName, runFiles } from './fileNames.ts'
import { bundleFormat, bundleVersion, longestManifest, manifestSchema, type Manifest } from './manifest.ts'
import { npyFileBytes, npyFileValues } from './npyFile.ts'

/** 10,000 runs of a hundred files. */
const mostFiles = 1_000_000

/** A bundle that is what its manifest says, byte by byte; nothing of it is ever unpacked to the disk. */
export interface OpenBundle {
  name: string
  manifest: Manifest
  float32(name: string, shape: readonly number[]): Float32Array<ArrayBuffer>
  float64(name: string, shape: readonly number[]): Float64Array<ArrayBuffer>
  int32(name: string, shape: readonly number[]): Int32Array<ArrayBuffer>
  bytes(name: string): Uint8Array
  close(): void
}

/**
 * Opens a bundle and checks all of it before anything is believed: names, sizes, then the hash of every file.
 * @throws LabError badInput where it is no bundle, of a newer Rho Lab, or damaged; stopped
 */
export async function openBundle(file: string, signal?: AbortSignal): Promise<OpenBundle> {
  const name = path.basename(file)
  const source = openFileSource(file)
  try {
    const members = await listZip(source, {
      name,
      kind: 'a Rho Lab bundle',
      mend: 'Give a file that "lab bundle" wrote.',
      mostFiles,
    })
    const manifest = readManifest(members, name)
    const files = await checkFiles(source, members, manifest, name, signal)
    return { ...arraysOf(files, name), name, manifest, close: () => source.close() }
  } catch (error) {
    source.close()
    throw error
  }
}

function readManifest(members: Map<string, ZipMember>, name: string): Manifest {
  const member = members.get(manifestName)
  if (!member) {
    throw new LabError('badInput', `${name} is not a Rho Lab bundle. Give a file that "lab bundle" wrote.`)
  }
  if (member.sizeBytes > longestManifest) throw damaged(name)
  const document = parseJson(member.read(), name)
  const { format, version } = (document ?? {}) as { format?: unknown; version?: unknown }
  if (format === bundleFormat && typeof version === 'number' && version > bundleVersion) {
    throw new LabError('badInput', `${name} was made by a newer Rho Lab. Update this one to open it.`)
  }
  const { data, error } = manifestSchema.safeParse(document)
  if (data) return data
  throw damaged(name, error)
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw damaged(name, cause)
  }
}

/**
 * The archive holds just what the manifest lists, of the sizes that follow from it, as it was when it was written. What
 * is equal lies in it once, under the name of the first.
 * @returns for each listed file, what holds its bytes
 */
async function checkFiles(
  source: ByteSource,
  members: Map<string, ZipMember>,
  manifest: Manifest,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, ZipMember>> {
  const listed = Object.entries(manifest.files)
  const expected = expectedFiles(manifest)
  if (listed.length !== expected.size) throw damaged(name)
  const own = listed.filter(([file]) => members.has(file))
  if (own.length !== members.size - 1) throw damaged(name)
  const byHash = new Map(own.map(([file, { sha256 }]) => [sha256, members.get(file)!]))
  const files = new Map<string, ZipMember>()
  for (const [file, { sizeBytes, sha256 }] of listed) {
    const size = expected.get(file)
    const member = members.get(file) ?? byHash.get(sha256)
    if (!bundleFilePattern.test(file) || size === undefined || !member) throw damaged(name)
    if (member.sizeBytes !== sizeBytes || (size !== null && size !== sizeBytes)) throw damaged(name)
    files.set(file, member)
  }
  let totalBytes = 0
  for (const [file, { sha256 }] of own) {
    const member = members.get(file)!
    await stopHere(signal, asItWas)
    // All but the manifest lies in the archive as it is: together they cannot be larger than the archive.
    totalBytes += member.sizeBytes
    if (!member.isStored || totalBytes > source.sizeBytes) throw damaged(name)
    if (createHash('sha256').update(member.read()).digest('hex') !== sha256) throw damaged(name)
  }
  return files
}

/** Every file that the manifest's datasets and runs need, with its size; null where the size does not follow. */
function expectedFiles({ datasets, runs }: Manifest): Map<string, number | null> {
  const files = new Map<string, number | null>()
  const array = (name: string, shape: readonly number[], type: '<f4' | '<f8' | '<i4') =>
    files.set(name, npyFileBytes(shape, type))
  for (const [k, dataset] of datasets.entries()) {
    const { patches: m, visible: n, preview, images } = dataset
    const name = datasetFiles(k)
    array(name.previewAfter, [preview.count, n], '<f4')
    if (preview.before) array(name.previewBefore, [preview.count, n], '<f4')
    if (dataset.whitening) array(name.whitening, [n, n], '<f4')
    if (dataset.positions) array(name.positions, [m, 3], '<i4')
    if (!dataset.hasPatches) continue
    if (dataset.classes !== null) array(name.labels, [m], '<i4')
    array(name.patches, [m, n], '<f4')
    const pixels = images.reduce((sum, { thumbnail }) => sum + thumbnail.width * thumbnail.height, 0)
    files.set(name.thumbnails, 4 * pixels)
  }
  for (const [k, run] of runs.entries()) {
    const name = runFiles(k)
    const h = run.config.hidden
    array(name.metrics, [run.iterations, run.metrics.length], '<f8')
    array(name.rhoHatIterations, [run.rhoHats], '<f8')
    array(name.rhoHat, [run.rhoHats, h], '<f4')
    array(name.snapshotRhoHat, [run.snapshots.length, h], '<f4')
    // A place that is not there is found out later: then no size fits.
    const n = datasets[run.dataset]?.visible ?? 0
    for (const iteration of run.snapshots) {
      array(name.snapshot(iteration), [thetaLayout({ n, h }).length], '<f4')
    }
    if (run.snapshots.length > 0) files.set(name.weights, null)
    if (run.checkpoint !== null) files.set(name.checkpoint, null)
  }
  return files
}

function arraysOf(
  files: Map<string, ZipMember>,
  name: string,
): Omit<OpenBundle, 'name' | 'manifest' | 'close'> {
  const bytes = (file: string): Uint8Array => {
    const member = files.get(file)
    if (!member) throw damaged(name)
    return member.read()
  }
  const values = (file: string, shape: readonly number[], type: '<f4' | '<f8' | '<i4'): ArrayBuffer => {
    const buffer = npyFileValues(bytes(file), shape, type)
    if (!buffer) throw damaged(name)
    return buffer
  }
  return {
    bytes,
    float32: (file, shape) => new Float32Array(values(file, shape, '<f4')),
    float64: (file, shape) => new Float64Array(values(file, shape, '<f8')),
    int32: (file, shape) => new Int32Array(values(file, shape, '<i4')),
  }
}

/** What is said of a library where a bundle was not taken in to the end. */
export const asItWas = 'The library is as it was.'

export const damaged = (name: string, cause?: unknown) =>
  new LabError('badInput', `${name} is damaged, or not what a bundle must be. Copy or write it again.`, {
    cause,
  })
