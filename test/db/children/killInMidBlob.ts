// Writes a large blob and kills itself, as `kill -9` would, as soon as a part of it is on disk.
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { openBlobs } from '#db/blobs.ts'

const [folder, pieces] = process.argv.slice(2)
const killWhenBegun = () => {
  const begun = readdirSync(folder).some((name) => statSync(path.join(folder, name)).size > 0)
  if (begun) process.kill(process.pid, 'SIGKILL')
  setImmediate(killWhenBegun)
}
setImmediate(killWhenBegun)
await openBlobs(folder).write(new Uint8Array(Number(pieces) << 20).fill(7))
console.log('written')
