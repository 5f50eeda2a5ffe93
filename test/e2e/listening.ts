import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Addresses, as the kernel writes them, on which any process of a process group waits for connections; Linux. */
export function listening(group: number): string[] {
  const addresses = new Map<string, string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, address, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (state === '0A') addresses.set(`socket:[${inode}]`, address)
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && groupOf(name) === group)
    .flatMap((name) => openFiles(name).flatMap((file) => addresses.get(file) ?? []))
}

/** Processes come and go while one looks. */
function groupOf(process: string): number | null {
  try {
    // The name, in parentheses, may hold anything.
    return Number(readFileSync(`/proc/${process}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[2])
  } catch {
    return null
  }
}

function openFiles(process: string): string[] {
  try {
    return readdirSync(`/proc/${process}/fd`).map((fd) => readlinkSync(`/proc/${process}/fd/${fd}`))
  } catch {
    return []
  }
}
