import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {contextFiles, ignoreRules} from '../../scripts/image/docker-context.ts'
import {execForm, parseDockerfile} from '../../scripts/image/dockerfile.ts'
import {loadServerConfig} from '../../src/lib/config/server-config.ts'
import {ROOT, readRepositoryFile} from './source-files.ts'

const BUN = join(ROOT, 'node_modules', '.bin', 'bun')
/** Where a server listens that others reach, as every file here must agree. */
const {port: PORT} = loadServerConfig({host: '0.0.0.0'}, {})

/** By the parsers of the tool that builds us. */
function parse(kind: 'YAML' | 'TOML', path: string): unknown {
  const script = `console.log(JSON.stringify(Bun.${kind}.parse(await Bun.file(${JSON.stringify(path)}).text())))`
  return JSON.parse(execFileSync(BUN, ['-e', script], {cwd: ROOT, encoding: 'utf8'}))
}

const documented = new Set(
  [...readRepositoryFile('docs/environment.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name),
)
const paths = Object.keys(JSON.parse(readRepositoryFile('schema/openapi.json')).paths)
const {commands} = JSON.parse(readRepositoryFile('src/lib/cli/command-manifest.generated.json')) as {
  commands: Record<string, {flags: Record<string, object>}>
}

/** `server start --host …` is a command of ours, with flags that it takes. */
function expectCommand(words: readonly string[]): void {
  const command =
    commands[
      words
        .filter((word) => /^[a-z]+$/.test(word))
        .slice(0, 2)
        .join(':')
    ]
  expect(command, words.join(' ')).toBeDefined()
  const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2))
  expect(flags.filter((flag) => !(flag in (command?.flags ?? {})))).toEqual([])
}

describe('Dockerfile', () => {
  const stages = parseDockerfile(readRepositoryFile('Dockerfile'))
  const last = stages.at(-1)?.instructions ?? []
  const find = (name: string) => last.find((instruction) => instruction.name === name)

  test('starts and asks what there is, as somebody who is not root', () => {
    const entry = execForm(find('ENTRYPOINT') ?? {name: '', flags: {}, text: '[]'})
    const words = execForm(find('CMD') ?? {name: '', flags: {}, text: '[]'})
    const health = execForm(find('HEALTHCHECK') ?? {name: '', flags: {}, text: '[]'})

    expect(entry).toEqual(['bmfote'])
    expectCommand(words)
    expectCommand(health.slice(1))
    expect(find('USER')?.text).toBe('bmfote')
    expect(find('EXPOSE')?.text).toBe(String(PORT))
  })

  test('names no variable that means nothing', () => {
    const names = [...(find('ENV')?.text ?? '').matchAll(/(\w+)=/g)].map(([, name]) => name)

    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !documented.has(name))).toEqual([])
  })

  test('has no VOLUME, which Railway refuses', () => {
    expect(stages.flatMap(({instructions}) => instructions).some(({name}) => name === 'VOLUME')).toBe(false)
  })

  test('copies what is in the context', () => {
    const context = contextFiles(ROOT, readRepositoryFile('.dockerignore'))
    const copied = stages
      .flatMap(({instructions}) => instructions)
      .filter(({name, flags}) => name === 'COPY' && flags.from === undefined)
      .flatMap(({text}) => text.split(/\s+/).slice(0, -1))
      .filter((source) => source !== '.')

    expect(copied.length).toBeGreaterThan(3)
    expect(copied.filter((source) => !context.includes(source))).toEqual([])
    for (const needed of ['src/lib/server/app.ts', 'schema/current.sql', 'bin/run.ts', 'scripts/build.ts'])
      expect(context).toContain(needed)
  })
})

test('.dockerignore keeps secrets, databases and what is not needed out of the image', () => {
  const isIgnored = ignoreRules(readRepositoryFile('.dockerignore'))
  const outside = [
    '.env',
    '.git/config',
    'memory.db',
    'node_modules/x/index.js',
    'docs/a.md',
    'src/a.test.ts',
  ]

  expect(outside.filter((file) => !isIgnored(file))).toEqual([])
  expect(isIgnored('src/lib/server/app.ts')).toBe(false)
})

test('docker-compose.yml: the ports, and variables that mean something', () => {
  const {services, volumes} = parse('YAML', 'docker-compose.yml') as {
    services: Record<string, {environment: Record<string, string>; ports?: string[]; volumes: string[]}>
    volumes: Record<string, unknown>
  }
  const {bmfote, sqld} = services

  expect(bmfote?.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`])
  expect(Object.keys(bmfote?.environment ?? {}).filter((name) => !documented.has(name))).toEqual([])
  expect(bmfote?.environment.API_TOKEN).toMatch(/^\$\{API_TOKEN:\?/)
  // Nobody but the server reaches the database, which has no token.
  expect(sqld?.ports).toBeUndefined()
  const named = [bmfote, sqld].flatMap((service) => service?.volumes ?? []).map((text) => text.split(':')[0])
  expect(named.sort()).toEqual(Object.keys(volumes).sort())
  expect(bmfote?.volumes).toContain('bmfote-home:/data')
})

test('fly.toml', () => {
  const {build, http_service: service} = parse('TOML', 'fly.toml') as {
    build: {dockerfile: string}
    http_service: {internal_port: number; force_https: boolean; checks: {path: string}[]}
  }

  expect(readRepositoryFile(build.dockerfile)).toContain('FROM')
  expect(service).toMatchObject({internal_port: PORT, force_https: true})
  expect(service.checks.filter(({path}) => !paths.includes(path))).toEqual([])
})

test('railway.json', () => {
  const {build, deploy} = JSON.parse(readRepositoryFile('railway.json'))

  expect(readRepositoryFile(build.dockerfilePath)).toContain('FROM')
  expect(paths).toContain(deploy.healthcheckPath)
})

test('render.yaml', () => {
  const {services} = parse('YAML', 'render.yaml') as {
    services: {dockerfilePath: string; healthCheckPath: string; envVars: {key: string}[]}[]
  }
  const [service] = services

  expect(readRepositoryFile(service?.dockerfilePath ?? '')).toContain('FROM')
  expect(paths).toContain(service?.healthCheckPath)
  expect(service?.envVars.filter(({key}) => !documented.has(key))).toEqual([])
})

test('deploy/bmfote.service', () => {
  const lines = readRepositoryFile('deploy/bmfote.service')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const value = (name: string) =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''

  expect(lines.filter((line) => !/^(\[\w+\]|[A-Z]\w+=.*)$/.test(line))).toEqual([])
  const [program, ...words] = value('ExecStart').split(' ')
  expect(program).toBe('/usr/local/bin/bmfote')
  expectCommand(words)
  const names = value('Environment')
    .split(' ')
    .map((pair) => pair.split('=')[0])
  expect(names.filter((name) => !documented.has(name))).toEqual([])
  expect(value('Environment')).toContain(`BMFOTE_HOME=/var/lib/${value('StateDirectory')}`)
  // A JavaScript engine writes the code that it runs.
  expect(value('MemoryDenyWriteExecute')).toBe('')
})
