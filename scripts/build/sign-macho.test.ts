import {expect, test} from 'vitest'
import {isSignedMacho, signMacho} from './sign-macho.ts'

const CODE_BYTES = 20_000
/** After it lies what __LINKEDIT holds: some of its own, then the signature. */
const LINKEDIT_OFFSET = 16_384

/** The least that is a program for macOS: a header, __TEXT, __LINKEDIT, and a signature that names other pages. */
function sampleProgram(): Buffer {
  const program = Buffer.alloc(CODE_BYTES + 96, 0xab)
  program.fill(0, 0, 400)
  program.writeUInt32LE(0xfeedfacf, 0)
  program.writeUInt32LE(3, 16)
  writeSegment(program, 32, {name: '__TEXT', offset: 0, bytes: LINKEDIT_OFFSET})
  writeSegment(program, 104, {name: '__LINKEDIT', offset: LINKEDIT_OFFSET, bytes: 3_712})
  program.writeUInt32LE(0x1d, 176)
  program.writeUInt32LE(16, 180)
  program.writeUInt32LE(CODE_BYTES, 184)
  program.writeUInt32LE(96, 188)
  return program
}

function writeSegment(
  program: Buffer,
  at: number,
  {name, offset, bytes}: {name: string; offset: number; bytes: number},
): void {
  program.writeUInt32LE(0x19, at)
  program.writeUInt32LE(72, at + 4)
  program.write(name, at + 8)
  program.writeBigUInt64LE(BigInt(offset), at + 40)
  program.writeBigUInt64LE(BigInt(bytes), at + 48)
}

test('a signature that names other pages is none, and the new one names those that are there', () => {
  const program = sampleProgram()
  expect(isSignedMacho(program)).toBe(false)

  const signed = signMacho(program, 'sample')
  expect(isSignedMacho(signed)).toBe(true)
  expect(signed.subarray(400, CODE_BYTES).equals(program.subarray(400, CODE_BYTES))).toBe(true)
  expect(signed.includes('sample\0')).toBe(true)
})

test('the header says how long the signature is, and it reaches to the end', () => {
  const signed = signMacho(sampleProgram(), 'sample')

  const signatureBytes = signed.readUInt32LE(188)
  expect(CODE_BYTES + signatureBytes).toBe(signed.length)
  expect(LINKEDIT_OFFSET + Number(signed.readBigUInt64LE(104 + 48))).toBe(signed.length)
  expect(Number(signed.readBigUInt64LE(104 + 32)) % 16_384).toBe(0)
})

test('one changed byte anywhere in the code breaks it', () => {
  const signed = signMacho(sampleProgram(), 'sample')
  for (const at of [0, 500, CODE_BYTES - 1]) {
    const changed = Buffer.from(signed)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    if (at > 0) expect(isSignedMacho(changed)).toBe(false)
    else expect(() => isSignedMacho(changed)).toThrow('no 64-bit program')
  }
})
