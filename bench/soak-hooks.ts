import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {resolvePaths} from '../src/lib/config/environment.ts'
import {installHooks} from '../test/helpers/hook-scripts.ts'
import {freePort, runRestlessSession} from '../test/helpers/restless-server.ts'
import {createTempHome} from '../test/helpers/temp-home.ts'

interface Report {
  turns: number
  /** How often the server was killed meanwhile. */
  kills: number
  said: number
  lost: number
  doubled: number
  /** Whether what is stored stands in the order in which it was said. */
  isInOrder: boolean
}

/** A long session by the real hooks, while its server is killed and started again at random. */
export async function soakHooks({turns, seed}: {turns: number; seed: number}): Promise<Report> {
  const home = createTempHome()
  try {
    const port = await freePort()
    installHooks(home)
    mkdirSync(join(home.path, 'acme'))
    const {clientEnvFile} = resolvePaths(home.env)
    writeFileSync(clientEnvFile, `BMFOTE_URL=http://127.0.0.1:${port}\n`, {mode: 0o600})
    const {said, stored, kills} = await runRestlessSession({turns, seed, home, port})
    const uuids = stored.map(({uuid}) => uuid)
    const there = new Set(uuids)
    const contents = stored.map(({role, content}) => `${role} ${content}`)
    return {
      ...{turns, kills, said: said.length},
      lost: said.filter((uuid) => !there.has(uuid)).length,
      doubled: contents.length - new Set(contents).size,
      isInOrder: JSON.stringify(uuids) === JSON.stringify(said),
    }
  } finally {
    home.remove()
  }
}
