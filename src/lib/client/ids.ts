/**
 * Ids of messages are made here, before a message is sent: sent twice, it is stored once. The Python client derives the
 * same ones; test/client/golden/ids.generated.json holds both to it.
 */

/** Made for this once; every derived id follows from it. */
export const ID_NAMESPACE = '8f5a3c1e-6c1b-5d0e-9b7a-2f4d8c6e1a90'

/** Not in any id that we are given: what stands between the parts of a name. */
const SEPARATOR = '\u001f'

/** Random (version 4). Not crypto.randomUUID, which browsers give to pages over HTTPS only. */
export function randomId(): string {
  return formatId(crypto.getRandomValues(new Uint8Array(16)), 4)
}

/** The same for the same parts, anywhere and at any time (version 5). */
export function derivedId(...parts: readonly string[]): string {
  const namespace = bytesOfId(ID_NAMESPACE)
  const name = new TextEncoder().encode(parts.join(SEPARATOR))
  const bytes = new Uint8Array(namespace.length + name.length)
  bytes.set(namespace)
  bytes.set(name, namespace.length)
  return formatId(sha1(bytes).slice(0, 16), 5)
}

function formatId(bytes: Uint8Array, version: 4 | 5): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function bytesOfId(id: string): Uint8Array {
  return Uint8Array.from(id.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/**
 * Version 5 ids are made of SHA-1, which the platform has as a promise only: then a message could not be given its id
 * and its place in the queue at once. It guards nothing here, it only spreads names.
 */
function sha1(message: Uint8Array): Uint8Array {
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  const words = new Uint32Array(80)
  const padded = pad(message)
  const view = new DataView(padded.buffer)
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(offset + i * 4)
    for (let i = 16; i < 80; i++)
      words[i] = rotate(at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16), 1)
    mix(state, words)
  }
  const digest = new DataView(new ArrayBuffer(20))
  for (const [i, word] of state.entries()) digest.setUint32(i * 4, word)
  return new Uint8Array(digest.buffer)
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
  for (let i = 0; i < 80; i++) {
    const [f, k] = round(i, b, c, d)
    const next = (rotate(a, 5) + f + e + k + at(words, i)) >>> 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = next
  }
  for (const [i, word] of [a, b, c, d, e].entries()) state[i] = at(state, i) + word
}

function round(i: number, b: number, c: number, d: number): [f: number, k: number] {
  if (i < 20) return [(b & c) | (~b & d), 0x5a827999]
  if (i < 40) return [b ^ c ^ d, 0x6ed9eba1]
  if (i < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
  return [b ^ c ^ d, 0xca62c1d6]
}

/** A one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(message.length / 0x20000000))
  view.setUint32(padded.length - 4, (message.length << 3) >>> 0)
  return padded
}

function rotate(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}
