import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { groundPicture, type Picture } from '#shared/filters/renderGrid.ts'
import { weightsAt } from './exportRun.ts'
import { filterPicture, formatPng, pictureScale, squarePatch } from './filterPng.ts'
import { writeWhole } from './writeWhole.ts'

const gapBetweenRuns = 32

/**
 * Writes the filter grids of runs side by side, in the order given: cells of one size, as many in a row.
 * @returns the absolute path
 * @throws LabError as exportRun
 */
export async function comparePng(
  library: Library,
  runIds: readonly number[],
  file: string,
  signal?: AbortSignal,
): Promise<string> {
  const runs = runIds.map((id) => ({ run: getRun(library, id), W1: weightsAt(library, id).weights.W1 }))
  const cell = Math.max(...runs.map(({ run }) => squarePatch(run) * pictureScale(squarePatch(run))))
  const columns = Math.ceil(Math.sqrt(Math.max(...runs.map(({ run }) => run.config.hidden))))
  const pictures = runs.map(({ run, W1 }) => filterPicture(run, W1, { cell, columns }))
  return writeWhole(file, await formatPng(sideBySide(pictures)), signal)
}

function sideBySide(pictures: readonly Picture[]): Picture {
  const width = pictures.reduce((sum, picture) => sum + picture.width, (pictures.length - 1) * gapBetweenRuns)
  const all = groundPicture(width, Math.max(...pictures.map(({ height }) => height)))
  let x = 0
  for (const picture of pictures) {
    for (let row = 0; row < picture.height; row++) {
      const from = row * picture.width * 4
      all.rgba.set(picture.rgba.subarray(from, from + picture.width * 4), (row * width + x) * 4)
    }
    x += picture.width + gapBetweenRuns
  }
  return all
}
