import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

// A reader of TensorBoard's event files from their published format, sharing no code with the writer:
// https://www.tensorflow.org/tutorials/load_data/tfrecord and tensorboard/compat/proto/{event,summary}.proto

/** CRC-32C bit by bit, by polynomial division. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n
  }
  return Number(crc ^ 0xffffffffn)
}

const masked = (bytes: Uint8Array) => {
  const crc = BigInt(slowCrc32c(bytes))
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn
  return Number((rotated + 0xa282ead8n) & 0xffffffffn)
}

function readRecords(bytes: Buffer): Buffer[] {
  const records: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(bytes.subarray(at, at + 8)))
    const record = bytes.subarray(at + 12, at + 12 + length)
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(record))
    records.push(record)
    at += 16 + length
  }
  return records
}

type Field = [number: number, value: number | bigint | Buffer]

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const tag = Number(varint())
    const number = tag >> 3
    if ((tag & 7) === 0) fields.push([number, varint()])
    else if ((tag & 7) === 1) fields.push([number, message.readDoubleLE((at += 8) - 8)])
    else if ((tag & 7) === 5) fields.push([number, message.readFloatLE((at += 4) - 4)])
    else if ((tag & 7) === 2) {
      const length = Number(varint())
      fields.push([number, message.subarray(at, (at += length))])
    } else throw new Error(`type ${tag & 7}`)
  }
  expect(at).toBe(message.length)
  return fields
}

const all = (message: Buffer, number: number) =>
  fieldsOf(message).flatMap(([n, value]) => (n === number ? [value] : []))
const one = (message: Buffer, number: number) => all(message, number)[0]

export interface ReadValue {
  step: number
  wallTime: number
  tag: string
  scalar?: number
  image?: { width: number; height: number; colours: number; png: Buffer }
  histogram?: {
    min: number
    max: number
    count: number
    sum: number
    sumOfSquares: number
    ends: number[]
    counts: number[]
  }
}

const doubles = (packed: Buffer) =>
  Array.from({ length: packed.length / 8 }, (_, k) => packed.readDoubleLE(8 * k))

/** The version that the file begins with, and all values in their order; every checksum is checked. */
export function readEventFile(file: string): { version: string; values: ReadValue[] } {
  const [first, ...rest] = readRecords(readFileSync(file))
  const values = rest.flatMap((event) => {
    const wallTime = Number(one(event, 1))
    const step = Number(one(event, 2) ?? 0n)
    return all(one(event, 5) as Buffer, 1).map((summary): ReadValue => {
      const value = summary as Buffer
      const [scalar, image, histogram] = [one(value, 2), one(value, 4), one(value, 5)]
      return {
        step,
        wallTime,
        tag: String(one(value, 1)),
        ...(typeof scalar === 'number' && { scalar }),
        ...(image instanceof Buffer && { image: readImage(image) }),
        ...(histogram instanceof Buffer && { histogram: readHistogram(histogram) }),
      }
    })
  })
  return { version: String(one(first, 3)), values }
}

const readImage = (image: Buffer) => ({
  height: Number(one(image, 1)),
  width: Number(one(image, 2)),
  colours: Number(one(image, 3)),
  png: one(image, 4) as Buffer,
})

function readHistogram(histogram: Buffer): NonNullable<ReadValue['histogram']> {
  const [min, max, count, sum, sumOfSquares] = [1, 2, 3, 4, 5].map((number) => Number(one(histogram, number)))
  const [ends, counts] = [6, 7].map((number) => doubles(one(histogram, number) as Buffer))
  return { min, max, count, sum, sumOfSquares, ends, counts }
}
