import {lookup} from 'node:dns/promises'
import {BlockList, isIP} from 'node:net'

export type Reach = 'public' | 'loopback' | 'private' | 'unknown'

export interface Address {
  host: string
  reach: Reach
  /** What the name stands for, where the name itself does not tell. */
  ip?: string
}

const LOOPBACK = blockList(['127.0.0.0/8', '::1/128', '0.0.0.0/32', '::/128'])

const PRIVATE = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  // Carriers' shared space, which overlay networks use too.
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
])

/** Names that are given out within a network. */
const PRIVATE_NAME = /\.(local|lan|home|internal|intranet|corp|home\.arpa|test)$|^[^.]+$/

/** Whether somebody outside, as Anthropic's cloud, may reach it; as far as its name and address tell. */
export async function findAddress(
  url: string,
  resolve: (host: string) => Promise<string[]> = resolveHost,
): Promise<Address> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host)) return {host, reach: reachOf(host)}
  if (host === 'localhost' || host.endsWith('.localhost')) return {host, reach: 'loopback'}
  if (PRIVATE_NAME.test(host)) return {host, reach: 'private'}
  const ips = await resolve(host).catch(() => [])
  const inner = ips.find((ip) => reachOf(ip) !== 'public')
  // One address that leads outside is enough.
  if (ips.length > 0 && ips.every((ip) => reachOf(ip) !== 'public') && inner) {
    return {host, reach: reachOf(inner), ip: inner}
  }
  return {host, reach: ips.length === 0 ? 'unknown' : 'public'}
}

async function resolveHost(host: string): Promise<string[]> {
  return (await lookup(host, {all: true})).map(({address}) => address)
}

function reachOf(ip: string): Reach {
  // A mapped address reaches what it maps.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? mappedHex(ip)
  const plain = mapped ?? ip
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (LOOPBACK.check(plain, family)) return 'loopback'
  return PRIVATE.check(plain, family) ? 'private' : 'public'
}

/** `::ffff:7f00:1`, as URLs write `::ffff:127.0.0.1`. */
function mappedHex(ip: string): string | undefined {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(ip) ?? []
  if (high === undefined || low === undefined) return undefined
  return [high, low]
    .map((part) => Number.parseInt(part, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.')
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits = ''] = subnet.split('/')
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}
