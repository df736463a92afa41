import {expect, test} from 'vitest'
import {rulesBlock} from './rules-block.ts'

const edit = (rules: string) => rulesBlock({path: 'global_rules.md', rules, charactersMax: 500})
const once = (text: string | undefined, rules = 'Recall first.') => edit(rules).install(text).text ?? ''

test.each(['', '# Mine\n\nBe brief.\n', 'no line end'])(
  'stands below what is there, and goes without a trace: %j',
  (text) => {
    const installed = once(text)

    expect(installed.startsWith(text)).toBe(true)
    expect(installed).toContain('\nRecall first.\n')
    expect(once(installed)).toBe(installed)
    expect(edit('').uninstall(installed, text) ?? '').toBe(text === 'no line end' ? 'no line end\n' : text)
  },
)

test('new rules take the place of the old ones', () => {
  const installed = `${once('# Mine\n')}\n# More\n`

  expect(once(installed, 'Newer.')).toBe(installed.replace('Recall first.', 'Newer.'))
})

test('a file that would be too long to be read is refused', () => {
  expect(() => once('x'.repeat(450))).toThrow('longer than 500 characters')
})
