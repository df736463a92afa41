import {expect, test} from 'vitest'
import {findAddress} from './address.ts'

const nowhere = async () => Promise.reject(new Error('no such host'))

test.each([
  ['http://localhost:8026', 'loopback'],
  ['http://my.localhost', 'loopback'],
  ['http://127.8.9.10', 'loopback'],
  ['http://0.0.0.0:8026', 'loopback'],
  ['http://[::1]/', 'loopback'],
  ['http://[::ffff:127.0.0.1]/', 'loopback'],
  ['http://2130706433/', 'loopback'],
  ['https://10.0.0.1', 'private'],
  ['https://172.31.255.255', 'private'],
  ['https://192.168.0.1', 'private'],
  ['https://169.254.1.1', 'private'],
  ['https://100.64.0.1', 'private'],
  ['https://[fd00::1]', 'private'],
  ['https://[fe80::1]', 'private'],
  ['https://[::ffff:10.0.0.1]', 'private'],
  ['https://nas', 'private'],
  ['https://nas.local.', 'private'],
  ['https://memory.corp', 'private'],
  ['https://172.32.0.1', 'public'],
  ['https://[2001:db8::1]', 'public'],
  ['https://8.8.8.8', 'public'],
  ['https://memory.example.com', 'unknown'],
])('%s is %s', async (url, reach) => {
  expect(await findAddress(url, nowhere)).toMatchObject({reach})
})

test('a name is what it stands for; one address that leads outside is enough', async () => {
  const of = (...ips: string[]) => findAddress('https://memory.example.com', async () => ips)

  expect(await of('192.168.1.9')).toEqual({host: 'memory.example.com', reach: 'private', ip: '192.168.1.9'})
  expect(await of('127.0.0.1', '::1')).toMatchObject({reach: 'loopback'})
  expect(await of('192.168.1.9', '93.184.216.34')).toEqual({host: 'memory.example.com', reach: 'public'})
})
