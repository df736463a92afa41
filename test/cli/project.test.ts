import {describe, expect, test} from 'vitest'
import {readJson, runBinary} from '../helpers/run-binary.ts'
import {type TempHome, tempHome} from '../helpers/temp-home.ts'

async function homeWith(...projects: string[]): Promise<TempHome> {
  const home = tempHome()
  for (const project of projects) {
    await runBinary(['remember', '--project', project, `a fact about ${project}`], {home})
  }
  return home
}

async function projectsIn(home: TempHome): Promise<(string | null)[]> {
  const sessions = readJson(await runBinary(['sessions', '--json'], {home})) as {project: string | null}[]
  return sessions.map(({project}) => project).sort()
}

describe('projects', () => {
  test('are renamed', async () => {
    const home = await homeWith('webshop', 'other')
    const {stdout, exitCode} = await runBinary(['project', 'rename', 'webshop', 'storefront'], {home})

    expect(stdout).toBe('1 session of webshop now belongs to storefront.\n')
    expect(exitCode).toBe(0)
    expect(await projectsIn(home)).toEqual(['other', 'storefront'])
  })

  test('are not renamed to what is there: that is a merge', async () => {
    const home = await homeWith('web-shop', 'webshop')
    const refused = await runBinary(['project', 'rename', 'web-shop', 'webshop'], {home})
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('bmfote project merge web-shop webshop')

    const unasked = await runBinary(['project', 'merge', 'web-shop', 'webshop'], {home})
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('--yes')
    expect(await projectsIn(home)).toEqual(['web-shop', 'webshop'])

    const merged = await runBinary(['project', 'merge', 'web-shop', 'webshop', '--yes', '--json'], {home})
    expect(readJson(merged)).toEqual({from: 'web-shop', to: 'webshop', sessions: 1})
    expect(await projectsIn(home)).toEqual(['webshop', 'webshop'])
  })

  test.each([
    ['rename', 'gone', 'new'],
    ['merge', 'webshop', 'gone'],
    ['merge', 'gone', 'webshop'],
  ])('%s %s %s: it is said which one is not there', async (verb, from, to) => {
    const home = await homeWith('webshop')
    const yes = verb === 'merge' ? ['--yes'] : []
    const {stderr, exitCode} = await runBinary(['project', verb, from, to, ...yes], {home})

    expect(exitCode).toBe(1)
    expect(stderr).toContain('There is no project "gone"')
  })
})
