// Run by ownNetwork.ts in the network that it made: nameServer.mjs REPORT LIMIT_MS GO_ON COMMAND ARGUMENT…
import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'

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
    const connections = counted('/proc/net/snmp', 'Tcp', 'ActiveOpens')
    const lost = counted('/proc/net/snmp', 'Ip', 'OutNoRoutes') + counted6('Ip6OutNoRoutes')
    writeFileSync(report, JSON.stringify({ asked: [...asked], connections, lost }))
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

/** A count that the kernel keeps for this network. */
function counted(file, protocol, name) {
  const [names, values] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf(name)])
}

function counted6(name) {
  return Number(
    new RegExp(`^${name}\\s+(\\d+)$`, 'm').exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0,
  )
}
