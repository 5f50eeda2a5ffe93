import { z } from 'zod'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

export function handleEngines(handle: Handle, { engines }: Services): void {
  handle('engines.list', z.tuple([]), engines)
}
