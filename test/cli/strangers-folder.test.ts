import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {runBinary} from '../helpers/run-binary.ts'
import {createTempHome} from '../helpers/temp-home.ts'

/** A folder as a cloned repository could be: bun's own settings in it run code in whatever bun program is started there. */
const home = createTempHome()
const ran = join(home.path, 'preload-ran')

beforeAll(() => {
  writeFileSync(join(home.path, 'preload.ts'), `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`)
  writeFileSync(
    join(home.path, 'bunfig.toml'),
    'preload = ["./preload.ts"]\n[run]\npreload = ["./preload.ts"]\n',
  )
  for (const file of ['.env', '.env.local', '.env.production', '.env.development']) {
    writeFileSync(
      join(home.path, file),
      `BMFOTE_HOME=${join(home.path, 'elsewhere')}\nNODE_OPTIONS=--require=./preload.ts\n`,
    )
  }
  writeFileSync(join(home.path, 'package.json'), '{"bun": {"preload": ["./preload.ts"]}}')
})
afterAll(() => home.remove())

describe("in a stranger's folder", () => {
  test.each([[['--version']], [['hook', 'stop']], [['help']], [['completion', 'bash']], [['stats']]])(
    '%j runs none of its code',
    async (args) => {
      const {exitCode} = await runBinary(args, {home})

      expect(exitCode).toBe(0)
      expect(existsSync(ran)).toBe(false)
    },
  )

  test('its .env does not move our files', async () => {
    const {BMFOTE_HOME: _, ...env} = home.env
    await runBinary(['remember', 'where is it kept?'], {home: {...home, env}})

    expect(existsSync(join(home.path, '.bmfote', 'memory.db'))).toBe(true)
    expect(existsSync(join(home.path, 'elsewhere'))).toBe(false)
  })
})
