import {type ChildProcess, spawn} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {scanImports} from './import-scanner.ts'
import {ROOT, readSourceFiles} from './source-files.ts'

/** A clone with the bootstrap and the lockfile in it, and a machine whose npm and bun only write down what they do. */
let clone: string
let machine: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'bmfote-clone-'))
  machine = mkdtempSync(join(tmpdir(), 'bmfote-machine-'))
  for (const path of ['scripts', 'bin', 'package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(ROOT, path), join(clone, path), {recursive: true})
  }
  mkdirSync(join(clone, 'src'))
  writeFileSync(join(clone, 'src', 'a.ts'), 'export const a = 1\n')
  writeScript(join(machine, 'npm'), FAKE_NPM)
})

afterEach(() => {
  rmSync(clone, {recursive: true, force: true})
  rmSync(machine, {recursive: true, force: true})
})

const FAKE_NPM = `
echo "npm $*" >> log.txt
mkdir -p node_modules/.bin
cat > node_modules/.bin/bun <<'BUN'
#!/bin/sh
echo "bun $*" >> log.txt
mkdir -p dist
cat > dist/bmfote <<'BMFOTE'
#!/bin/sh
echo "bmfote $*"
[ "$3" != wait ] && exit 7
trap 'echo stopped; exit 0' INT TERM
echo ready
for tick in $(seq 200); do sleep 0.05; done
BMFOTE
chmod +x dist/bmfote
cp dist/bmfote dist/bmfote-agent
BUN
chmod +x node_modules/.bin/bun
`

describe('from a clone to something that runs', () => {
  test('the first start installs without install scripts, builds, and starts the server with the arguments', async () => {
    const {code, stdout} = await runNode('scripts/start.mjs', ['--port', '9000'])

    expect(calls()).toEqual([
      expect.stringMatching(/^npm ci --ignore-scripts /),
      expect.stringMatching(/^npm rebuild .*bun node$/),
      'bun scripts/build.ts',
    ])
    expect(stdout).toContain('bmfote server start --port 9000')
    expect(code).toBe(7)
  })

  test('the second start does nothing of it again', async () => {
    await runNode('scripts/start.mjs')
    rmSync(join(clone, 'log.txt'))

    await runNode('scripts/start.mjs')

    expect(existsSync(join(clone, 'log.txt'))).toBe(false)
  })

  test('a changed lockfile installs again, a changed source builds again, a changed test does not', async () => {
    await runNode('scripts/start.mjs')

    rmSync(join(clone, 'log.txt'))
    writeFileSync(join(clone, 'package-lock.json'), '{}')
    await runNode('scripts/bootstrap.mjs')
    expect(calls()).toHaveLength(2)

    await runNode('scripts/start.mjs')
    rmSync(join(clone, 'log.txt'))
    writeFileSync(join(clone, 'src', 'a.test.ts'), '')
    await runNode('scripts/start.mjs')
    expect(existsSync(join(clone, 'log.txt'))).toBe(false)

    writeFileSync(join(clone, 'src', 'a.ts'), 'export const a = 2\n')
    await runNode('scripts/start.mjs')
    expect(calls()).toEqual(['bun scripts/build.ts'])
  })

  test('an install that was cut off is done again', async () => {
    await runNode('scripts/bootstrap.mjs')
    rmSync(join(clone, 'node_modules'), {recursive: true})
    mkdirSync(join(clone, 'node_modules'))

    await runNode('scripts/bootstrap.mjs')

    expect(calls()).toHaveLength(4)
  })

  test('two at once in a new clone install once', async () => {
    await Promise.all([runNode('scripts/bootstrap.mjs'), runNode('scripts/bootstrap.mjs')])

    expect(calls()).toHaveLength(2)
  })

  test('a lock left behind by a process that is gone holds nobody up', async () => {
    const gone = await runNode('scripts/node-version.mjs')
    mkdirSync(join(clone, 'tmp'))
    writeFileSync(join(clone, 'tmp', 'setup.lock'), String(gone.pid))

    const {code} = await runNode('scripts/bootstrap.mjs')

    expect(code).toBe(0)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the server, and then the start', async (signal) => {
    const starting = startNode('scripts/start.mjs', ['wait'])
    await starting.says('ready')

    starting.child.kill(signal)

    expect(await starting.ended).toMatchObject({code: 0, stdout: expect.stringContaining('stopped')})
  })
})

describe('what keeps it from going on is said in a sentence', () => {
  test('a registry that is out of reach', async () => {
    rmSync(join(machine, 'npm'))

    const {code, stderr} = await runNode('scripts/start.mjs', [], {
      PATH: process.env.PATH,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(machine, 'cache'),
    })

    expect(stderr).toContain("The npm registry can't be reached.")
    expect(stderr).not.toContain('npm error')
    expect(code).toBe(1)
  })

  test('an old Node', async () => {
    const old = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '18.20.4'}})`

    const {code, stderr} = await runNode('scripts/start.mjs', [], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}`,
    })

    expect(stderr).toMatch(/^bmfote is built with Node 20 or newer, and this is Node 18\.20\.4\. .+\n$/)
    expect(code).toBe(1)
  })

  test('a machine that there is no program for', async () => {
    writeFileSync(join(clone, 'bin/platforms.json'), '[{"os": "plan9", "cpu": "mips"}]')

    const {code, stderr} = await runNode('scripts/start.mjs')

    expect(stderr).toBe(
      `\nbmfote is not built on ${process.platform} ${process.arch} yet. So far: plan9 mips.\n`,
    )
    expect(existsSync(join(clone, 'log.txt'))).toBe(false)
    expect(code).toBe(1)
  })

  test('a build that fails', async () => {
    writeScript(join(machine, 'npm'), `${FAKE_NPM}\nprintf '#!/bin/sh\\nexit 3' > node_modules/.bin/bun`)

    const {code, stderr} = await runNode('scripts/start.mjs')

    expect(stderr).toContain('The build failed')
    expect(code).toBe(1)
  })
})

test('the bootstrap needs nothing that it has yet to install', () => {
  const scripts = readSourceFiles('scripts', ['.mjs'])

  const outside = scripts.flatMap(({text}) => scanImports(text).map(({specifier}) => specifier))

  expect(scripts.length).toBeGreaterThan(4)
  expect(outside.filter((specifier) => !/^node:|^\.\/[\w-]+\.mjs$/.test(specifier))).toEqual([])
})

function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}`)
  chmodSync(path, 0o755)
}

function calls(): string[] {
  return readFileSync(join(clone, 'log.txt'), 'utf8').trim().split('\n')
}

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  pid: number | undefined
}

function runNode(script: string, args: string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return startNode(script, args, environment).ended
}

function startNode(script: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    cwd: clone,
    env: {HOME: machine, PATH: `${machine}:/usr/bin:/bin`, ...environment},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = {stdout: '', stderr: ''}
  child.stdout?.on('data', (chunk) => (said.stdout += chunk))
  child.stderr?.on('data', (chunk) => (said.stderr += chunk))
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => done({code, ...said, pid: child.pid}))
  })
  const says = (text: string) =>
    new Promise<void>((done) => {
      child.stdout?.on('data', () => said.stdout.includes(text) && done())
    })
  return {child, ended, says}
}
