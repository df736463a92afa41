import {describe, expect, test} from 'vitest'
import {TOOLS} from '../../src/lib/client/tools/index.ts'
import {ERROR_CODES} from '../../src/lib/model/errors.ts'
import {readRepositoryFile} from './source-files.ts'

interface CommandText {
  id: string
  hidden?: boolean
  summary?: string
  description?: string
  examples?: unknown[]
}

const commands = Object.values<CommandText>(
  JSON.parse(readRepositoryFile('src/lib/cli/command-manifest.generated.json')).commands,
).filter(({hidden}) => !hidden)

/** Headings of the second level, which is where a reference names its things. */
function headings(path: string): string[] {
  return [...readRepositoryFile(path).matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
}

describe('the reference names everything there is, and nothing else', () => {
  test('error codes', () => {
    expect(headings('docs/errors.md')).toEqual([...ERROR_CODES])
  })

  test('commands', () => {
    expect(commands.length).toBeGreaterThan(10)
    expect(headings('docs/cli.md')).toEqual(commands.map(({id}) => `bmfote ${id.replaceAll(':', ' ')}`))
  })

  test('routes', () => {
    const {paths}: {paths: Record<string, object>} = JSON.parse(readRepositoryFile('schema/openapi.json'))
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const documented = [
      ...readRepositoryFile('docs/rest.md').matchAll(/^\| (GET|POST|DELETE) `([^`]+)` \|/gm),
    ]

    expect(routes.length).toBeGreaterThan(15)
    expect(documented.map(([, method, path]) => `${method} ${path}`).sort()).toEqual(routes.sort())
  })

  test('tools and their arguments', () => {
    const documented = [...readRepositoryFile('docs/mcp.md').matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(
      ([, name, args = '']) => ({name, args: [...args.matchAll(/`(\w+)`(?!\))/g)].map(([, arg]) => arg)}),
    )
    const tools = TOOLS.map(({name, inputSchema}) => ({
      name,
      args: Object.keys(inputSchema.properties ?? {}),
    }))

    expect(documented).toEqual(tools)
  })
})

describe('every command tells a person how to use it', () => {
  test.each(commands)('$id', ({summary, description, examples}) => {
    // A fragment, as it stands in a list of commands.
    expect(summary).toMatch(/^[a-z].*[^.]$/)
    expect(description).toBeTruthy()
    expect(examples?.length).toBeGreaterThan(0)
  })
})
