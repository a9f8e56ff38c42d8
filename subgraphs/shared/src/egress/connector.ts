import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './address.ts'
import { EgressRefusedError } from './errors.ts'
import { isTrusted, type EgressPolicy, type Resolve } from './policy.ts'

/** Addresses of one name that are tried. */
const MAX_TRIED = 3

/**
 * Connects to what was checked: the name is resolved once, every address must be public, and the connection goes to one of these addresses,
 * while SNI, certificate and Host stay the name's. Address literals, for which a `lookup` hook is never called, are checked alike.
 */
export function guardedConnector(policy: EgressPolicy, connectTimeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false })
  return (options, callback) => {
    const done = callback as (error: Error | null, socket: unknown) => void
    void connectChecked(policy, connect, options).then(
      (socket) => done(null, socket),
      (error: Error) => done(error, null),
    )
  }
}

async function connectChecked(policy: EgressPolicy, connect: buildConnector.connector, options: buildConnector.Options) {
  const addresses = await checkedAddresses(policy, options)
  const isTls = options.protocol === 'https:'
  const name = options.hostname.replace(/\.$/, '')
  const pinned = { ...options, ...(isTls && isIP(unbracketed(name)) === 0 ? { servername: name } : {}) }
  let failure: unknown
  for (const address of addresses.slice(0, MAX_TRIED)) {
    try {
      return await new Promise((resolve, reject) =>
        connect({ ...pinned, hostname: address }, (error, socket) => (error === null ? resolve(socket) : reject(error))),
      )
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function checkedAddresses(policy: EgressPolicy, { protocol, hostname, host }: buildConnector.Options): Promise<string[]> {
  const literal = unbracketed(hostname)
  const addresses = isIP(literal) === 0 ? await (policy.resolve ?? resolveAll)(hostname) : [literal]
  if (addresses.length === 0) throw new Error('the name has no address')
  const trusted = isTrusted(policy, new URL(`${protocol}//${host}`).origin)
  if (!trusted && !addresses.every(isPublicAddress))
    throw new EgressRefusedError('ADDRESS_REFUSED', 'The address does not lead to the public internet.')
  return addresses
}

const resolveAll: Resolve = async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address)

const unbracketed = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1')
