import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {defineConfig} from 'vitest/config'

// What a test forgets to set must not reach the memory or the settings of the person who runs it.
const emptyHome = mkdtempSync(join(tmpdir(), 'bmfote-tests-'))
process.once('exit', () => rmSync(emptyHome, {recursive: true, force: true}))
for (const name of Object.keys(process.env)) {
  if (/^(BMFOTE_|TURSO_|API_TOKEN$|PORT$|CLAUDE_CONFIG_DIR$)/.test(name)) delete process.env[name]
}

export default defineConfig({
  test: {
    include: ['{src,test,scripts,bench}/**/*.test.{ts,tsx}'],
    exclude: ['test/external/**', 'test/fixtures/**'],
    // Real files, real processes, native modules: every test file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: {HOME: emptyHome, NO_COLOR: '1'},
  },
})
