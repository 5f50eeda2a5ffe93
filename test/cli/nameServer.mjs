// Run by ownNetwork.ts in the network that it made: nameServer.mjs REPORT LIMIT_MS GO_ON COMMAND ARGUMENT…
import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { writeFileSync } from 'node:fs'
import { connectionsBegun, lostPackets } from './packetCounts.ts'

const [report, limitMs, goOn, command, ...args] = process.argv.slice(2)
const asked = new Set()
let child

// As Ctrl-C would, so that what computes says what it has.
const end = () => child.kill('SIGINT')

const server = dgram.createSocket('udp4')
server.on('message', (query, { port, address }) => {
  asked.add(nameIn(query))
  // The same question back, with: this is an answer, and there is no such name.
  const answer = Buffer.from(query)
  answer.writeUInt16BE(0x8183, 2)
  server.send(answer, port, address)
  if (goOn === '') end()
})
server.bind(53, '127.0.0.1', () => {
  child = spawn(command, args, { stdio: 'inherit' })
  child.once('error', (error) => {
    throw error
  })
  const limit = limitMs === '' ? undefined : setTimeout(end, Number(limitMs))
  child.once('close', (code) => {
    clearTimeout(limit)
    writeFileSync(
      report,
      JSON.stringify({ asked: [...asked], connections: connectionsBegun(), lost: lostPackets() }),
    )
    process.exit(code ?? 1)
  })
})

/** The name in a question of DNS: each label after its length. */
function nameIn(query) {
  const labels = []
  for (let at = 12; query[at] > 0; at += query[at] + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]))
  return labels.join('.')
}
