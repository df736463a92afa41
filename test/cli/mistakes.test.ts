import {afterAll, describe, expect, test} from 'vitest'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {createTempHome} from '../helpers/temp-home.ts'

const home = createTempHome()
afterAll(() => home.remove())

describe('a wrong command line', () => {
  test.each([
    [['complet', 'bash'], 'There is no command "complet".\n→ did you mean: bmfote completion\n'],
    [['server', 'strat'], 'There is no command "server strat".\n→ did you mean: bmfote server start\n'],
    [['xyzzy'], 'There is no command "xyzzy".\n→ all commands: bmfote help\n'],
    [['help', 'xyzzy'], 'There is no command "xyzzy".\n→ all commands: bmfote help\n'],
    [
      ['completion'],
      'Missing 1 required arg:\nshell  (bash|zsh|fish) the shell\n→ bmfote completion --help\n',
    ],
    [
      ['completion', 'bsh'],
      'Expected bsh to be one of: bash, zsh, fish\n→ did you mean bash? All choices: bmfote completion --help\n',
    ],
    [
      ['completion', 'bash', '--helpp'],
      'Unknown flag: --helpp\n→ did you mean --help? All flags: bmfote completion --help\n',
    ],
    [['completion', 'bash', 'zsh'], 'Unexpected argument: zsh\n→ bmfote completion --help\n'],
    [
      ['--jsn'],
      'Unknown flag: --jsn\n→ flags come after the command: bmfote COMMAND --flag (all commands: bmfote help)\n',
    ],
    [
      ['search', '-foo', 'bar'],
      'Unknown flag: -foo\n→ to look for the words themselves, put -- before it: bmfote search -- -foo bar\n',
    ],
  ])('%j: exit 2, the sentence and the way out on stderr', async (args, said) => {
    expect(await runBinary(args, {home})).toMatchObject({stdout: '', stderr: said, exitCode: 2})
  })

  test('under --json: one document on stdout, silence on stderr', async () => {
    const result = await runBinary(['completion', 'bsh', '--json'], {home})

    expect(readJson(result)).toEqual({
      error: 'Expected bsh to be one of: bash, zsh, fish',
      code: 'invalid_input',
      next: 'did you mean bash? All choices: bmfote completion --help',
    })
    expect(result).toMatchObject({stderr: '', exitCode: 2})
  })

  test('no sentence shows the colons that commands have inside', async () => {
    const {stderr} = await runBinary(['server', 'start', '--prt', '1'], {home})

    expect(stderr).toContain('bmfote server start --help')
    expect(stderr).not.toContain('server:start')
  })
})
