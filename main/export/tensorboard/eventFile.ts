import { PbfWriter } from 'pbf'
import { maskedCrc } from './maskedCrc.ts'

/** Counts of values in bins; bin i ends at `ends[i]`, the first begins at `min`. */
export interface EventHistogram {
  min: number
  max: number
  count: number
  sum: number
  sumOfSquares: number
  ends: number[]
  counts: number[]
}

export interface EventImage {
  width: number
  height: number
  png: Uint8Array
}

/** A value under its tag: a number, a histogram or a picture. */
export type EventValue = { tag: string } & (
  { scalar: number } | { histogram: EventHistogram } | { image: EventImage }
)

/** Values at one step. */
export interface SummaryEvent {
  /** Seconds since 1970. */
  wallTime: number
  step: number
  values: EventValue[]
}

const rgba = 4

/** The record that begins every event file. */
export const versionRecord = (wallTime: number): Uint8Array => {
  const event = new PbfWriter()
  event.writeDoubleField(1, wallTime)
  event.writeStringField(3, 'brain.Event:2')
  return frame(event.finish())
}

/**
 * One event as a TFRecord.
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto, summary.proto
 */
export function summaryRecord({ wallTime, step, values }: SummaryEvent): Uint8Array {
  const event = new PbfWriter()
  event.writeDoubleField(1, wallTime)
  event.writeVarintField(2, step)
  event.writeMessage(5, writeSummary, values)
  return frame(event.finish())
}

function writeSummary(values: readonly EventValue[], summary: PbfWriter): void {
  for (const value of values) summary.writeMessage(1, writeValue, value)
}

function writeValue(value: EventValue, to: PbfWriter): void {
  to.writeStringField(1, value.tag)
  if ('scalar' in value) to.writeFloatField(2, value.scalar)
  else if ('image' in value) to.writeMessage(4, writeImage, value.image)
  else to.writeMessage(5, writeHistogram, value.histogram)
}

function writeImage({ width, height, png }: EventImage, to: PbfWriter): void {
  to.writeVarintField(1, height)
  to.writeVarintField(2, width)
  to.writeVarintField(3, rgba)
  to.writeBytesField(4, png)
}

function writeHistogram(histogram: EventHistogram, to: PbfWriter): void {
  const { min, max, count, sum, sumOfSquares, ends, counts } = histogram
  for (const [at, value] of [min, max, count, sum, sumOfSquares].entries()) to.writeDoubleField(at + 1, value)
  to.writePackedDouble(6, ends)
  to.writePackedDouble(7, counts)
}

/** Length, its checksum, the bytes, their checksum. */
function frame(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(bytes.length + 16)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(bytes.length), true)
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true)
  record.set(bytes, 12)
  view.setUint32(12 + bytes.length, maskedCrc(bytes), true)
  return record
}
