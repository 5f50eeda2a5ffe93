import { expect, test } from 'vitest'
import { histogramNumbers } from '../../../renderer/components/chart/histogramNumbers.ts'
import { imageNumbers, spectrumNumbers } from '../../../renderer/components/dataset/datasetNumbers.ts'
import { formatCsv, type NamedColumns } from '../../../renderer/format/csv.ts'

const lines = (numbers: NamedColumns): string[] => formatCsv(numbers).trimEnd().split('\r\n')

test('a histogram goes out with the edges of its bars, empty ones too', () => {
  expect(lines(histogramNumbers({ min: -1, max: 1, counts: [3, 0, 1, 7] }, 'values'))).toEqual([
    'from,to,values',
    '-1,-0.5,3',
    '-0.5,0,0',
    '0,0.5,1',
    '0.5,1,7',
  ])
})

test('a spectrum goes out with a column for each curve that there is', () => {
  const frequencies = [0.125, 0.5]
  expect(lines(spectrumNumbers({ frequencies, before: [4, 0.25], after: [1, 2] }))).toEqual([
    'frequency,before,after',
    '0.125,4,1',
    '0.5,0.25,2',
  ])
  expect(lines(spectrumNumbers({ frequencies, before: null, after: [1, 2] }))[0]).toBe('frequency,after')
})

test('images go out with their sizes and how many patches were cut from each', () => {
  const image = { file: 'trip/a, b.png', width: 512, height: 384, patches: 12 }
  expect(lines(imageNumbers([image]))).toEqual(['image,width,height,patches', '"trip/a, b.png",512,384,12'])
})
