// Preloaded into Node by noNetwork.test.ts: notes in $NETWORK_LOG whoever wants out, and lets nobody.
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const refuse = (what) =>
  function () {
    appendFileSync(process.env.NETWORK_LOG, `${what}\n`)
    throw new Error(`The network is closed: ${what}`)
  }
net.Socket.prototype.connect = refuse('connect')
net.Server.prototype.listen = refuse('listen')
dgram.Socket.prototype.send = refuse('send')
dgram.Socket.prototype.bind = refuse('bind')
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  dns[name] = refuse(`dns.${name}`)
  dns.promises[name] = refuse(`dns.promises.${name}`)
}
syncBuiltinESMExports()
