import {join} from 'node:path'
import {parse} from 'jsonc-parser'
import {expect, test} from 'vitest'
import {fakeProgram, setupContext, writeText} from '../../../../test/helpers/setup-context.ts'
import {snapshotTree} from '../../../../test/helpers/snapshot-tree.ts'
import {tempFolder} from '../../../../test/helpers/temp-folder.ts'
import {removeOwnFiles, removeSetup} from '../remove.ts'
import {applySetup, planSetup} from '../setup.ts'
import {windsurf} from './windsurf.ts'

const SETTINGS = '{\n  // of Devin\n  "theme": "dark",\n  "mcpServers": {"other": {"command": "x"}}\n}\n'

async function setUpWith(devinConfig: string) {
  const home = tempFolder()
  writeText(join(home, '.config/devin/config.json'), devinConfig)
  const context = setupContext(home)
  const request = {tools: [windsurf], context, program: fakeProgram(tempFolder())}
  const before = snapshotTree(home)
  await applySetup(await planSetup(request), request)
  const config = (snapshotTree(home)['.config/devin/config.json'] ?? '').replace(/^file \d+ /, '')
  return {home, context, before, config}
}

test('Devin’s settings get the server where they name servers already, as earlier releases have it', async () => {
  const {home, context, before, config} = await setUpWith(SETTINGS)

  expect(config).toContain('// of Devin\n  "theme": "dark"')
  expect(Object.keys(parse(config).mcpServers)).toEqual(['other', 'bmfote-memory'])
  await removeSetup({tools: [windsurf], isAll: true}, context)
  await removeOwnFiles(context)
  expect(snapshotTree(home)).toEqual(before)
})

test('where they name none, they are left alone', async () => {
  const {config} = await setUpWith('{"theme": "dark"}\n')

  expect(config).toBe('{"theme": "dark"}\n')
})
