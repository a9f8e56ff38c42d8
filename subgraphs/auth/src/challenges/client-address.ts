import { isIP } from 'node:net'

/**
 * The network address by which sends are counted: IPv4 as it is, also when it comes as IPv6; IPv6 by its /64, which is one household.
 * What is no address counts together.
 */
export function parseClient(address: string | null): string {
  const bare = (address ?? '').trim()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
  const version = isIP(mapped)
  if (version === 4) return mapped
  if (version === 0) return 'unknown'
  return `${expand(mapped).slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const groups = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [head = '', tail] = groups.split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}
