import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** Behaviour of a client as data: the same files are run by the TypeScript and by the Python client. See cases/README.md. */
export interface CaseFile {
  title: string
  cases: Case[]
}

export interface Case {
  name: string
  client?: Record<string, unknown>
  steps: Step[]
}

export interface Step {
  do: string
  /** The session or client that does it; default: the case's client. */
  on?: string
  with?: Record<string, unknown>
  /** A name for the result. */
  as?: string
  expect?: unknown
  raises?: {code?: string; status?: number}
  at_most_ms?: number
  /** Again and again, until it is as expected. */
  until?: boolean
}

const FOLDER = fileURLToPath(new URL('cases', import.meta.url))

export function readCaseFiles(): CaseFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')))
}
