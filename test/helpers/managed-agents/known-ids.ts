/** A policy used an id that no tool had told it: it was made up, or smuggled in by the test. */
export class MadeUpIdError extends Error {
  override readonly name = 'MadeUpIdError'
}

const ID_LINE = /^uuid (\S+) \| session (\S+)$/gm
/** Arguments that name something in the memory. */
const ID_ARGUMENTS = ['uuid', 'session_id']
const LOOKS_LIKE_ID = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[\w-]*|(?:sesn|sevt)_01[\w-]*)/g

/** The ids that the tools of one run have given. Quoted text does not count: its lines begin with a mark. */
export class KnownIds {
  readonly #ids = new Set<string>()

  learn(toolAnswer: string): void {
    for (const [, uuid = '', session = ''] of toolAnswer.matchAll(ID_LINE)) {
      this.#ids.add(uuid)
      this.#ids.add(session)
    }
  }

  checkInput(tool: string, input: Record<string, unknown>): void {
    for (const name of ID_ARGUMENTS) {
      const id = input[name]
      if (typeof id === 'string' && !this.#ids.has(id)) {
        throw new MadeUpIdError(`${tool} was called with ${name} ${id}, which no tool gave in this run`)
      }
    }
  }

  checkAnswer(answer: string): void {
    for (const [id] of answer.matchAll(LOOKS_LIKE_ID)) {
      if (!this.#ids.has(id))
        throw new MadeUpIdError(`the answer names ${id}, which no tool gave in this run`)
    }
  }
}
