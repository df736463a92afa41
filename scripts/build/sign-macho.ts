import {createHash} from 'node:crypto'

/**
 * macOS kills a program whose pages are not those that its signature names. What bun puts into its own runtime for
 * arm64 it signs again; on x64 it leaves the runtime's signature, which no longer fits. This makes the one that a
 * linker makes: no certificate, only the hashes ("ad hoc").
 */
export function signMacho(program: Buffer, identifier: string): Buffer {
  const {signature, linkedit, text} = findParts(program)
  const codeLimit = signature.dataOffset
  const code = Buffer.from(program.subarray(0, codeLimit))
  const pages = Math.ceil(codeLimit / PAGE_BYTES)
  const hashOffset = DIRECTORY_BYTES + identifier.length + 1
  const directoryBytes = hashOffset + pages * HASH_BYTES
  const dataBytes = align(SUPERBLOB_BYTES + directoryBytes, 16)

  // The header is signed too: first it must say how long the signature is.
  code.writeUInt32LE(dataBytes, signature.at + 12)
  const linkeditBytes = codeLimit + dataBytes - linkedit.fileOffset
  code.writeBigUInt64LE(BigInt(align(linkeditBytes, VM_PAGE_BYTES)), linkedit.at + 32)
  code.writeBigUInt64LE(BigInt(linkeditBytes), linkedit.at + 48)

  const blob = Buffer.alloc(dataBytes)
  writeUInt32s(blob, 0, [SUPERBLOB, SUPERBLOB_BYTES + directoryBytes, 1, 0, SUPERBLOB_BYTES])
  const directory = blob.subarray(SUPERBLOB_BYTES)
  writeUInt32s(directory, 0, [CODE_DIRECTORY, directoryBytes, VERSION, AD_HOC_BY_LINKER])
  writeUInt32s(directory, 16, [hashOffset, DIRECTORY_BYTES, 0, pages, codeLimit])
  directory.set([HASH_BYTES, SHA256, 0, Math.log2(PAGE_BYTES)], 36)
  directory.writeBigUInt64BE(BigInt(text.fileOffset), 64)
  directory.writeBigUInt64BE(BigInt(text.fileBytes), 72)
  directory.writeBigUInt64BE(MAIN_PROGRAM, 80)
  directory.write(`${identifier}\0`, DIRECTORY_BYTES)
  hashPages(code).forEach((hash, index) => {
    directory.set(hash, hashOffset + index * HASH_BYTES)
  })
  return Buffer.concat([code, blob])
}

/** Whether the signature names the pages that are there. */
export function isSignedMacho(program: Buffer): boolean {
  const {signature} = findParts(program)
  const blob = program.subarray(signature.dataOffset)
  if (blob.length < SUPERBLOB_BYTES || blob.readUInt32BE(0) !== SUPERBLOB) return false
  // The directory of hashes is always the first that is named.
  const directory = blob.subarray(blob.readUInt32BE(16))
  const [hashOffset, pages, codeLimit] = [16, 28, 32].map((at) => directory.readUInt32BE(at))
  if (hashOffset === undefined || codeLimit !== signature.dataOffset) return false
  const hashes = hashPages(program.subarray(0, codeLimit))
  return (
    hashes.length === pages &&
    hashes.every((hash, index) => {
      const at = hashOffset + index * HASH_BYTES
      return hash.equals(directory.subarray(at, at + HASH_BYTES))
    })
  )
}

// <mach-o/loader.h>
const MAGIC_64 = 0xfeedfacf
const HEADER_BYTES = 32
const LC_SEGMENT_64 = 0x19
const LC_CODE_SIGNATURE = 0x1d
/** Of arm64; x64 takes multiples of it too. */
const VM_PAGE_BYTES = 16_384

// xnu: osfmk/kern/cs_blobs.h. Everything in a signature is big-endian.
const SUPERBLOB = 0xfade0cc0
const CODE_DIRECTORY = 0xfade0c02
const VERSION = 0x20400
const AD_HOC_BY_LINKER = 0x20002
const SHA256 = 2
const MAIN_PROGRAM = 1n
const SUPERBLOB_BYTES = 20
const DIRECTORY_BYTES = 88
const HASH_BYTES = 32
const PAGE_BYTES = 4_096

interface Segment {
  /** Where its load command begins. */
  at: number
  fileOffset: number
  fileBytes: number
}

interface Parts {
  text: Segment
  linkedit: Segment
  signature: {at: number; dataOffset: number}
}

function findParts(program: Buffer): Parts {
  if (program.readUInt32LE(0) !== MAGIC_64) throw new Error('This is no 64-bit program for macOS.')
  const commands = program.readUInt32LE(16)
  const parts: Partial<Parts> = {}
  for (let index = 0, at = HEADER_BYTES; index < commands; index++) {
    const command = program.readUInt32LE(at)
    if (command === LC_CODE_SIGNATURE) parts.signature = {at, dataOffset: program.readUInt32LE(at + 8)}
    if (command === LC_SEGMENT_64) {
      const name = program.toString('latin1', at + 8, at + 24).replace(/\0+$/, '')
      if (name === '__TEXT') parts.text = readSegment(program, at)
      if (name === '__LINKEDIT') parts.linkedit = readSegment(program, at)
    }
    at += program.readUInt32LE(at + 4)
  }
  const {text, linkedit, signature} = parts
  if (!text || !linkedit || !signature) throw new Error('The program has no place for a signature.')
  return {text, linkedit, signature}
}

function readSegment(program: Buffer, at: number): Segment {
  return {
    at,
    fileOffset: Number(program.readBigUInt64LE(at + 40)),
    fileBytes: Number(program.readBigUInt64LE(at + 48)),
  }
}

function hashPages(code: Buffer): Buffer[] {
  return Array.from({length: Math.ceil(code.length / PAGE_BYTES)}, (_, page) =>
    createHash('sha256')
      .update(code.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
      .digest(),
  )
}

function writeUInt32s(target: Buffer, at: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) target.writeUInt32BE(value, at + 4 * index)
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to
}
