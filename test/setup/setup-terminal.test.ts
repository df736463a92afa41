import {existsSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'
import {HAS_TMUX, openTerminal} from '../helpers/tmux.ts'

function person(): {home: TempHome; isSetUp: () => boolean} {
  const home = tempHome()
  mkdirSync(join(home.path, '.claude'))
  return {home, isSetUp: () => existsSync(join(home.path, '.claude/settings.json'))}
}

describe.skipIf(!HAS_TMUX)('on a terminal', () => {
  test('setup shows what it would do, asks once, and a no is a no', async () => {
    const {home, isSetUp} = person()
    const terminal = await openTerminal({home, columns: 100, rows: 40})

    await terminal.run('bmfote setup --local; echo "exit $?"')
    await terminal.shows('~/.claude/settings.json')
    await terminal.shows('Do this? [y/N]')
    expect(isSetUp()).toBe(false)
    await terminal.press('n', 'Enter')

    await terminal.shows('Nothing was changed.')
    await terminal.shows('exit 0')
    expect(isSetUp()).toBe(false)
  })

  test('Ctrl-C is a no, too', async () => {
    const {home, isSetUp} = person()
    const terminal = await openTerminal({home, columns: 100, rows: 40})

    await terminal.run('bmfote setup --local; echo "exit $?"')
    await terminal.shows('Do this? [y/N]')
    await terminal.press('C-c')

    await terminal.shows('Nothing was changed.')
    expect(isSetUp()).toBe(false)
  })

  test('after a yes it is done, and removing asks too', async () => {
    const {home, isSetUp} = person()
    const terminal = await openTerminal({home, columns: 100, rows: 40})

    await terminal.run('bmfote setup --local')
    await terminal.shows('Do this? [y/N]')
    await terminal.press('y', 'Enter')
    await terminal.shows('Restart Claude Code.')
    expect(isSetUp()).toBe(true)

    await terminal.run('clear; bmfote setup remove')
    await terminal.shows('Do this? [y/N]')
    await terminal.press('y', 'Enter')
    await terminal.shows('Done.')
    expect(isSetUp()).toBe(false)
  })
})
