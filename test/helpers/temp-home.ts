import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'

/** A person's empty home, so that no test meets real memory or settings. */
export interface TempHome {
  /** HOME, and the folder that commands run in. */
  path: string
  /** BMFOTE_HOME. */
  bmfote: string
  /** All the environment that a program gets: nothing of the person who runs the tests, but the way to programs. */
  env: Record<string, string>
  remove(): void
}

/** For a whole file of tests: call `remove()` in `afterAll`. */
export function createTempHome(): TempHome {
  const path = mkdtempSync(join(tmpdir(), 'bmfote-home-'))
  const bmfote = join(path, '.bmfote')
  const temporary = join(path, 'tmp')
  mkdirSync(temporary)
  return {
    path,
    bmfote,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: path,
      BMFOTE_HOME: bmfote,
      TMPDIR: temporary,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NO_COLOR: '1',
    },
    remove: () => rmSync(path, {recursive: true, force: true, maxRetries: 5, retryDelay: 100}),
  }
}

/** For one test: gone when it is over. */
export function tempHome(): TempHome {
  const home = createTempHome()
  onTestFinished(() => home.remove())
  return home
}
