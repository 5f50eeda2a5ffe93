import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { openRegularFile } from '#db/regularFile.ts'
import { scheme } from './rendererFiles.ts'

const folder = `${scheme}://app/patches/`

/** Large enough that a file of patches passes in few pieces. */
const pieceBytes = 1 << 20

export interface ComputeFiles {
  /** @returns an address at which the file can be fetched, once, by who knows it */
  offer(path: string): string
  /** The answer to a request for an offered file; null for any other request. */
  answer(request: { method: string; url: string }): Promise<Response> | null
}

/** Files of patches for compute windows: each behind an address of its own that nobody can guess. */
export function createComputeFiles(): ComputeFiles {
  const offered = new Map<string, string>()

  async function serve(path: string): Promise<Response> {
    const file = await openRegularFile(path)
    const { size } = await file.stat()
    const stream = file.createReadStream({ highWaterMark: pieceBytes })
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(size),
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
    })
  }

  return {
    offer(path) {
      const address = folder + randomUUID()
      offered.set(address, path)
      return address
    },
    answer({ method, url }) {
      if (!url.startsWith(folder)) return null
      const path = offered.get(url)
      if (path === undefined || method !== 'GET') return Promise.resolve(new Response(null, { status: 404 }))
      offered.delete(url)
      return serve(path).catch(() => new Response(null, { status: 404 }))
    },
  }
}
