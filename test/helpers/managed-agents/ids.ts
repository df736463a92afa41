import {randomBytes} from 'node:crypto'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const LENGTH = 22

/** Such as `agent_01…`; the prefixes are those of the API. */
export function newId(prefix: 'agent' | 'env' | 'vlt' | 'vcrd' | 'sesn' | 'sevt' | 'req'): string {
  const characters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return `${prefix}_01${characters.join('')}`
}
