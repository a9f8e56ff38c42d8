import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { LocalFault } from './fault.ts'

export const DEFAULT_PORT = 4_000

/** What listens where, counted from the port that one gives: the gateway's. */
const OFFSETS = {
  gateway: 0,
  auth: 1,
  workflow: 2,
  telemetry: 3,
  postgres: 4,
  knowledge: 5,
  objects: 6,
  smtp: 7,
  inbox: 8,
} as const
export type PortName = keyof typeof OFFSETS
export type Ports = Record<PortName, number>

const LAST_OFFSET = Math.max(...Object.values(OFFSETS))

/** Ports that browsers and `fetch` refuse to call (https://fetch.spec.whatwg.org/#port-blocking), from 1024 up. */
const BLOCKED_PORTS = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]

/** @throws {LocalFault} when the text is not a port that leaves room for the others */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port >= 1_024 && port <= 65_535 - LAST_OFFSET)) {
    throw new LocalFault(`--port wants a number from 1024 to ${65_535 - LAST_OFFSET}, not "${text}".`)
  }
  const blocked = Object.values(portsFrom(port)).find((each) => BLOCKED_PORTS.includes(each))
  if (blocked !== undefined)
    throw new LocalFault(`--port ${port} would use port ${blocked}, which browsers refuse. Take another one.`)
  return port
}

export const portsFrom = (base: number): Ports =>
  Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset])) as Ports

/** @throws {LocalFault} naming every port that something else listens on */
export async function requireFreePorts(ports: Ports, except: PortName[] = []): Promise<void> {
  const wanted = (Object.keys(ports) as PortName[]).filter((name) => !except.includes(name))
  const states = await Promise.all(wanted.map(async (name) => ({ name, free: await isFree(ports[name]) })))
  const taken = states.filter((state) => !state.free).map((state) => `${ports[state.name]} (${state.name})`)
  if (taken.length === 0) return
  const subject = taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(', ')} are`
  throw new LocalFault(`${subject} in use. Move Signalbox with: npm start -- --port ${suggestBase(ports.gateway)}`)
}

const suggestBase = (base: number) => (base + 100 + LAST_OFFSET > 65_535 ? DEFAULT_PORT : base + 100)

/**
 * A base whose ports are all free, for tests: at random below the range from which systems lend ports to outgoing connections, which would
 * take one at any moment.
 */
export async function findFreeBase(): Promise<number> {
  for (;;) {
    const base = randomInt(20_000, 32_000)
    const ports = Object.values(portsFrom(base))
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
