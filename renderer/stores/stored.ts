import { shallowRef, watch, type ShallowRef } from 'vue'
import type { z } from 'zod'

/**
 * A value that the next window finds again. Each library has a profile of its own, and with it its own storage; what
 * cannot be read there any more is as if it had never been.
 */
export function stored<T>(key: string, schema: z.ZodType<T>, initial: T): ShallowRef<T> {
  const value = shallowRef(read(key, schema) ?? initial) as ShallowRef<T>
  watch(value, (next) => write(key, next))
  return value
}

function read<T>(key: string, schema: z.ZodType<T>): T | undefined {
  try {
    const text = localStorage.getItem(key)
    return text === null ? undefined : schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // The storage is full or closed: the window works without a memory.
  }
}
