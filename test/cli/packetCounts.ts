import { readFileSync } from 'node:fs'

/** Packets of this process' network that had nowhere to go, as the kernel counts them; Linux. */
export const lostPackets = (): number => counted('Ip', 'OutNoRoutes') + counted6('Ip6OutNoRoutes')

/** Connections begun in this process' network, on loopback too. */
export const connectionsBegun = (): number => counted('Tcp', 'ActiveOpens')

function counted(protocol: string, name: string): number {
  const [names, values] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf(name)])
}

/** 0 where the kernel has no IPv6. */
function counted6(name: string): number {
  try {
    const counts = readFileSync('/proc/net/snmp6', 'utf8')
    return Number(new RegExp(`^${name}\\s+(\\d+)$`, 'm').exec(counts)?.[1] ?? 0)
  } catch {
    return 0
  }
}
