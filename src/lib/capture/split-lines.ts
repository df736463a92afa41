/**
 * Longer lines are counted and left out. The longest that real tools write are a few images of a few megabytes; and to
 * read a line takes about ten times its length for a moment.
 */
export const LINE_BYTES_MAX = 8_000_000

export interface RawLine {
  /** Null when the line is over the limit. */
  text: string | null
  /** Bytes of the line with its end of line. */
  bytes: number
}

const NEWLINE = 0x0a

/**
 * Bytes in, lines out, whatever way the bytes are cut into chunks. Holds one line at most, and never more than the
 * limit. Bytes that are not UTF-8 become U+FFFD.
 */
export class LineSplitter {
  readonly #lineBytesMax: number
  #parts: Buffer[] = []
  #bytes = 0
  #isAtStart = true

  constructor(options: {lineBytesMax?: number} = {}) {
    this.#lineBytesMax = options.lineBytesMax ?? LINE_BYTES_MAX
  }

  /** The lines that end in this chunk. The chunk may be used again afterwards, once all of them are taken. */
  *push(chunk: Buffer): Generator<RawLine> {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield this.#finish(chunk.subarray(from, end), {withNewline: true})
      from = end + 1
    }
    if (from === chunk.length) return
    this.#bytes += chunk.length - from
    if (this.#bytes > this.#lineBytesMax) this.#parts = []
    else this.#parts.push(Buffer.from(chunk.subarray(from)))
  }

  /** What stands behind the last end of line, if anything. */
  rest(): RawLine | null {
    return this.#bytes === 0 ? null : this.#finish(Buffer.alloc(0), {withNewline: false})
  }

  /** Some editors mark the beginning of a file with U+FEFF. */
  #decode(line: Buffer): string {
    const text = line.toString('utf8')
    const isMarked = this.#isAtStart && text.startsWith('\uFEFF')
    this.#isAtStart = false
    return isMarked ? text.slice(1) : text
  }

  #finish(last: Buffer, options: {withNewline: boolean}): RawLine {
    const bytes = this.#bytes + last.length
    const isTooLong = bytes > this.#lineBytesMax
    const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#bytes = 0
    return {text: isTooLong ? null : this.#decode(whole), bytes: bytes + (options.withNewline ? 1 : 0)}
  }
}
