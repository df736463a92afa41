import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {resolvePaths} from '../../src/lib/config/environment.ts'
import {installHooks} from '../helpers/hook-scripts.ts'
import {freePort, runRestlessSession} from '../helpers/restless-server.ts'
import {tempHome} from '../helpers/temp-home.ts'

/** `npm run soak -- hooks` runs 200. */
const TURNS = 25

test('a server that is killed and started again at random has every turn exactly once, in order', {
  timeout: 300_000,
}, async () => {
  const home = tempHome()
  const port = await freePort()
  installHooks(home)
  mkdirSync(join(home.path, 'acme'))
  writeFileSync(resolvePaths(home.env).clientEnvFile, `BMFOTE_URL=http://127.0.0.1:${port}\n`, {mode: 0o600})

  const {said, stored, kills} = await runRestlessSession({turns: TURNS, seed: 7, home, port})

  expect(kills).toBeGreaterThanOrEqual(3)
  expect(said).toHaveLength(4 * TURNS)
  expect(stored.map(({uuid}) => uuid)).toEqual(said)
  expect(stored.filter(({role}) => role === 'user').map(({content}) => content)).toEqual(
    Array.from({length: TURNS}, (_, turn) => `question ${turn}`),
  )
})
