import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * What is not the public internet: the IANA special-purpose registries (RFC 6890, as of 2025-10), multicast, what is reserved, and the one
 * public address that a cloud uses for its own machine services.
 */
const V4_CLOSED = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // a cloud's virtual host
  '169.254.0.0/16', // link-local: cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT relays
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/** Of IPv6 only 2000::/3 is handed out; this is what is closed of it. Outside lie `::/96`, `64:ff9b::/96`, `100::/64`, `fc00::/7`, `fe80::/10`. */
const V6_CLOSED = [
  '2001::/23', // IETF protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]

const closed = new BlockList()
for (const range of V4_CLOSED) closed.addSubnet(...subnetOf(range), 'ipv4')
for (const range of V6_CLOSED) closed.addSubnet(...subnetOf(range), 'ipv6')
const handedOut = new BlockList()
handedOut.addSubnet('2000::', 3, 'ipv6')
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/**
 * Whether an address literal, without brackets, is of the public internet. An IPv4-mapped one (`::ffff:a.b.c.d`) is judged by what it maps;
 * one with a zone (`fe80::1%eth0`) or anything else is not.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  if (mapped.check(address, 'ipv6')) return isPublicAddress(innerOf(address))
  return handedOut.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}

/** The IPv4 address of a mapped one, however that is written: `[::ffff:7f00:1]` by the URL standard's serializer. */
function innerOf(address: string): string {
  const [, high, low] = /([\da-f]+):([\da-f]+)\]$/.exec(new URL(`http://[${address}]`).hostname)!
  const [h, l] = [Number.parseInt(high!, 16), Number.parseInt(low!, 16)]
  return [h >> 8, h & 255, l >> 8, l & 255].join('.')
}

function subnetOf(range: string): [string, number] {
  const [address, bits] = range.split('/')
  return [address!, Number(bits)]
}
