import { basename } from 'node:path'
import type { ArrayChoice, PixelOrder } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Seed } from '#shared/random/stream.ts'
import { patchGeometry, type PatchGeometry, type PatchMatrix } from './arrayData.ts'
import { arrayFormat } from './arrayFormat.ts'
import { layoutOf, type ArrayLayout, type StackLayout } from './arrayLayout.ts'
import { chooseArray } from './chooseArray.ts'
import { drawRows, rowsToTake, sampleRemark } from './chooseRows.ts'
import { imageStack, type ImageStack } from './imageStack.ts'
import { findLabels, type FoundLabels } from './labels.ts'
import { readRows } from './matrixRows.ts'
import { isTakenWhole, openArrays } from './openArrays.ts'
import { interleave, looksPlanar } from './pixelOrder.ts'
import { readTable, scaledRemark } from './readTable.ts'
import { saidName, type ArrayFile, type ReadArrayOptions, type StoredArray } from './storedArray.ts'

/** How a file of arrays is to be read; labels may lie in a file of their own. */
export type ReadChoice = ArrayChoice & { labels?: string | undefined }

/** What of the sampling matters here. */
export interface ReadSampling extends Seed {
  /** Of the patches that are cut from images. */
  channels: 1 | 3
}

/**
 * Reads the patches, or the images, of a file: `.npy`, `.npz`, `.mat`, HDF5, `.safetensors`, IDX, CIFAR's batches, Octave's
 * text, tables; recognised by content. Only numbers are ever read. What nobody asked for is decided by what is there,
 * and said.
 * @returns a matrix, or a stack whose images are read when asked for: to be closed
 * @throws LabError badInput; stopped when aborted
 */
export async function readArray(
  path: string,
  choice: ReadChoice,
  sampling: ReadSampling,
  options: ReadArrayOptions = {},
): Promise<PatchMatrix | ImageStack> {
  const name = basename(path)
  const format = await arrayFormat(path)
  if (format.kind === 'table') return readWholeTable(path, choice, sampling, options)
  const isWhole = choice.whole ?? isTakenWhole(format)
  const file = await openArrays(path, format)
  try {
    const array = chooseArray(file, choice.array, name)
    const layout = layoutOf(array)
    if (layout.use === null) throw new LabError('badInput', `${saidName(array, name)} ${layout.reason}`)
    const scale = choice.scale === undefined ? array.scale : 1 / choice.scale
    const remarks = [
      ...(file.remarks ?? []),
      ...(layout.use === 'images' && layout.remark !== null
        ? [`${array.name ?? name}, ${layout.remark}`]
        : []),
      ...(scale !== 1 && choice.scale === undefined ? [scaledRemark] : []),
    ]
    const read: Reading = { path, name, file, array, choice, sampling, scale, remarks, options }
    if (layout.use === 'images' && !isWhole) return await readStack(read, layout)
    const matrix = await readMatrix(read, layout)
    await file.close()
    return matrix
  } catch (error) {
    await file.close()
    throw error
  }
}

interface Reading {
  path: string
  name: string
  file: ArrayFile
  array: StoredArray
  choice: ReadChoice
  sampling: ReadSampling
  scale: number
  remarks: string[]
  options: ReadArrayOptions
}

async function readStack(read: Reading, layout: StackLayout): Promise<ImageStack> {
  const { name, file, array, sampling, scale, remarks, options } = read
  if (read.choice.columns)
    throw new LabError('badUsage', `${saidName(array, name)} holds images, no columns. Leave out --columns.`)
  const labels = await labelsOf(read, layout.count)
  const stack = await imageStack(array, layout, {
    ...options,
    scale,
    channels: sampling.channels,
    file: name,
  })
  return {
    kind: 'images',
    array: array.name,
    ...stack,
    labels: labels?.names ?? null,
    remarks,
    close: () => file.close(),
  }
}

async function readMatrix(read: Reading, layout: Exclude<ArrayLayout, { use: null }>): Promise<PatchMatrix> {
  const { name, array, choice, sampling, scale, remarks, options } = read
  const columns = choice.columns === true && layout.use === 'patches'
  const channels = layout.use === 'images' && layout.planes !== 1 ? sampling.channels : 1
  const [m, n] =
    layout.use === 'images'
      ? [layout.count, layout.height * layout.width * channels]
      : columns
        ? [layout.n, layout.m]
        : [layout.m, layout.n]
  const count = rowsToTake(m, n, choice)
  const chosen = count === null ? null : drawRows(m, count, sampling)
  const labels = await labelsOf(read, m)
  if (chosen !== null)
    remarks.push(sampleRemark(m, n, chosen.length, sampling.seed, choice.rows !== undefined))
  const matrix = { scale, chosen, file: name, ...options }
  const values =
    layout.use === 'patches'
      ? await readRows(array, { m, n }, { ...matrix, columns })
      : isPlain(layout, channels)
        ? await readRows(array, { m, n }, matrix)
        : await readImages(read, layout, channels, chosen)
  const rows = chosen?.length ?? m
  const geometry = layout.use === 'images' ? geometryOf(layout, channels) : patchGeometry(n)
  const order =
    layout.use === 'images'
      ? 'interleaved'
      : orderOf(read, values, rows, geometry, columns && array.firstFastest)
  if (order !== 'interleaved' && geometry.patchSize !== null) {
    interleave(values, rows, geometry.patchSize, geometry.channels, order)
  }
  if (layout.use === 'patches' && !choice.columns) remarks.push(...turnedRemark(m, n))
  return {
    kind: 'patches',
    array: array.name,
    m: rows,
    n,
    values,
    ...(layout.use === 'images' && { geometry }),
    labels:
      labels === null
        ? null
        : chosen === null
          ? labels.names
          : Array.from(chosen, (row) => labels.names[row]),
    columnNames: null,
    remarks,
    resolved: { order },
  }
}

/** Whether images lie in memory as patches do. */
const isPlain = ({ width, planes, steps }: StackLayout, channels: 1 | 3): boolean =>
  planes === channels &&
  steps.x === planes &&
  steps.y === width * planes &&
  (planes === 1 || steps.plane === 1)

function geometryOf({ height, width }: StackLayout, channels: 1 | 3): PatchGeometry {
  return height === width ? { patchSize: height, channels } : { patchSize: null, channels: 1 }
}

/** Each image whole as a row. */
async function readImages(
  { array, scale, name, options }: Reading,
  layout: StackLayout,
  channels: 1 | 3,
  chosen: Uint32Array | null,
): Promise<Float32Array> {
  const { sources } = await imageStack(array, layout, { ...options, scale, channels, file: name })
  const n = layout.height * layout.width * channels
  const rows = chosen ?? Uint32Array.from(sources.keys())
  const values = new Float32Array(rows.length * n)
  for (const [to, from] of rows.entries()) values.set((await sources[from].read()).pixels, to * n)
  return values
}

/** @param isMatlabs  who keeps patches in columns, as MATLAB users do, keeps their pixels so too */
function orderOf(
  { choice, remarks }: Pick<Reading, 'choice' | 'remarks'>,
  values: Float32Array,
  m: number,
  { patchSize, channels }: PatchGeometry,
  isMatlabs: boolean,
): PixelOrder {
  if (choice.order !== undefined) {
    if (patchSize !== null) return choice.order
    throw new LabError(
      'badUsage',
      'Rows that are no square pictures have no order of pixels. Leave out --order.',
    )
  }
  if (choice.plain || patchSize === null || channels === 1 || !looksPlanar(values, m, patchSize))
    return 'interleaved'
  const order = isMatlabs ? 'columns' : 'planes'
  const other = order === 'planes' ? 'columns' : 'planes'
  remarks.push(
    `The colours of a pixel lie apart: read so, rows are smoother pictures. Taken as --order ${order}; where pictures lie on their side, give --order ${other}.`,
  )
  return order
}

/** Where rows make no picture and columns would. */
function turnedRemark(m: number, n: number): string[] {
  const [row, column] = [patchGeometry(n), patchGeometry(m)]
  if (row.patchSize !== null || column.patchSize === null || column.patchSize < 4) return []
  const side = `${column.patchSize} × ${column.patchSize}${column.channels === 3 ? ' in RGB' : ''}`
  return [
    `Rows of ${n} values are no square picture; columns would be, of ${side}. If each column is a patch, give --columns.`,
  ]
}

async function labelsOf(
  { path, choice, file, array, remarks }: Reading,
  count: number,
): Promise<FoundLabels | null> {
  if (choice.plain && choice.labels === undefined) return null
  const found = await findLabels({ path, file, array, asked: choice.labels, count })
  if (found?.remark) remarks.push(found.remark)
  return found
}

async function readWholeTable(
  path: string,
  choice: ReadChoice,
  sampling: ReadSampling,
  options: ReadArrayOptions,
): Promise<PatchMatrix> {
  if (choice.array !== undefined) {
    throw new LabError('badUsage', `${basename(path)} is a table, which holds one array. Leave out --array.`)
  }
  const table = await readTable(
    path,
    choice,
    { rows: choice.columns ? undefined : choice.rows, seed: sampling },
    options,
  )
  if (!choice.columns) return withOrder(await withLabels(table, path, choice), choice)
  const { m, n, values } = table
  const turned = new Float32Array(values.length)
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) turned[column * m + row] = values[row * n + column]
  return withOrder({ ...table, m: n, n: m, values: turned, labels: null, columnNames: null }, choice)
}

async function withLabels(
  table: PatchMatrix,
  path: string,
  { labels: asked, plain }: ReadChoice,
): Promise<PatchMatrix> {
  if (asked === undefined || plain) return table
  const found = await findLabels({ path, file: null, array: null, asked, count: table.m })
  return { ...table, labels: found?.names ?? table.labels }
}

function withOrder(table: PatchMatrix, choice: ReadChoice): PatchMatrix {
  const { values, m, n, remarks } = table
  const geometry = patchGeometry(n)
  const order = orderOf({ choice, remarks }, values, m, geometry, false)
  if (geometry.patchSize !== null) interleave(values, m, geometry.patchSize, geometry.channels, order)
  return { ...table, resolved: { ...table.resolved, order } }
}
