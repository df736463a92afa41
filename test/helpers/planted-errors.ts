import type {NewMessage} from '../../src/lib/model/message.ts'

export interface PlantedError {
  /** As it is met again: other paths, numbers, addresses and dates, in a trace of other frames. */
  query: string
  /** Stands in what fixed it, and nowhere else. */
  fix: string
  session: NewMessage[]
}

type Template = (name: string, n: number) => string

/** One name in each is the error's own; everything else differs from one time to the next. */
const TEMPLATES: readonly Template[] = [
  (name, n) =>
    `TypeError: Cannot read properties of undefined (reading '${name}')\n    at run (/srv/app/${n}/main.js:${n}:7)`,
  (name, n) =>
    `src/lib/part${n}.ts(${n},12): error TS2339: Property '${name}' does not exist on type 'Row${name}'.`,
  (name, n) => `Error: connect ECONNREFUSED 10.0.${n % 250}.7:${4000 + n} while opening ${name}`,
  (name, n) =>
    `SqliteError: no such column: ${name}\n    at Database.prepare (/opt/a${n}/wrappers.js:5:${n})`,
  (name, n) =>
    `2026-0${1 + (n % 9)}-11T08:${10 + (n % 40)}:11Z panic: ${name}: worker 0x${(n * 65_537).toString(16)} stopped after ${n}ms`,
  (name, n) =>
    `Traceback (most recent call last):\n  File "/home/u${n}/x.py", line ${n}, in <module>\nModuleNotFoundError: No module named '${name}'`,
  (name, n) => `npm error code ELIFECYCLE\nnpm error ${name}@${n % 9}.1.${n} build: exit status 1`,
  (name, n) => `fatal: unable to access 'https://git.example.com/${n}/': ${name} certificate has expired`,
  (name, n) => `${name}Exception: order ${n} was declined (code 402)\n\tat com.shop.Pay.run(Pay.java:${n})`,
  (name, n) => `error[E0502]: cannot borrow ${name} as mutable\n  --> src/part${n}.rs:${n}:9`,
]

const ROOTS = [
  'quartz',
  'walrus',
  'lantern',
  'meadow',
  'copper',
  'thistle',
  'harbor',
  'pebble',
  'saffron',
  'gadget',
]

/** A hundred errors, each met once in a session where it was fixed in one of four ways. */
export function plantErrors(): PlantedError[] {
  return Array.from({length: 100}, (_, i) => {
    const template = TEMPLATES[i % TEMPLATES.length] ?? TEMPLATES[0]
    const root = ROOTS[Math.floor(i / TEMPLATES.length)] ?? ''
    const name = `${root}${'ABCDEFGHIJ'.charAt(i % 10)}unit`
    const fix = `fix-for-${i}-${root}`
    const error = template?.(name, 11 + i) ?? ''
    const lines = WAYS[i % WAYS.length]?.(error, fix) ?? []
    return {query: template?.(name, 511 + i * 3) ?? '', fix, session: toMessages(i, lines)}
  })
}

type Line = Pick<NewMessage, 'content' | 'type' | 'role' | 'tool' | 'status'>

const ask = (content: string): Line => ({type: 'user', role: 'user', content})
const say = (content: string): Line => ({type: 'assistant', role: 'assistant', content})
const call = (tool: string, content: string): Line => ({type: 'assistant', role: 'assistant', tool, content})
const result = (tool: string, content: string, status = 'ok'): Line => ({
  type: 'user',
  role: 'tool',
  tool,
  status,
  content,
})

const WAYS: readonly ((error: string, fix: string) => Line[])[] = [
  // The second edit is the right one.
  (error, fix) => [
    ask('Run the tests, please.'),
    call('Bash', 'Bash: npm test'),
    result('Bash', `3 passed\n${error}\n1 failed`, 'error'),
    say('Let me look at the file.'),
    call('Read', 'Read: src/a.ts'),
    result('Read', 'export const a = 1'),
    call('Edit', 'Edit: src/a.ts\n- a\n+ wrong-attempt'),
    result('Edit', 'The file src/a.ts has been updated.'),
    call('Bash', 'Bash: npm test'),
    result('Bash', `3 passed\n${error}\n1 failed`, 'error'),
    call('Edit', `Edit: src/b.ts\n- b\n+ ${fix}`),
    result('Edit', 'The file src/b.ts has been updated.'),
    call('Bash', 'Bash: npm test'),
    result('Bash', '4 passed'),
    say('All four tests pass now.'),
    ask('Good. Now write the changelog for the next release of this whole thing.'),
    say('Here is the changelog.'),
  ],
  // A person pastes it, and the answer is advice.
  (error, fix) => [
    ask(`I get this, what is it?\n\n${error}`),
    say(`That comes from an old lock file. Remove it and apply ${fix}, then it goes away.`),
    ask('That helped, thanks!'),
  ],
  // A command repairs it.
  (error, fix) => [
    call('Bash', 'Bash: make build'),
    result('Bash', error, 'error'),
    call('Bash', 'Bash: ls -la'),
    result('Bash', 'total 4'),
    call('Bash', `Bash: ./repair --with ${fix}`),
    result('Bash', 'repaired'),
    call('Bash', 'Bash: make build'),
    result('Bash', 'built in 3 s'),
    say('The build is through.'),
  ],
  // The words at the end say what it was.
  (error, fix) => [
    call('Bash', 'Bash: ./start'),
    result('Bash', `starting\n${error}`, 'error'),
    say('I will check the configuration.'),
    call('Write', 'Write: config.yaml\nport: 1'),
    result('Write', 'written'),
    say(`Fixed: the cause was the missing setting ${fix}.`),
    ask('ok'),
  ],
]

function toMessages(i: number, lines: readonly Line[]): NewMessage[] {
  const start = Date.parse('2026-01-05T08:00:00Z') + i * 86_400_000
  return lines.map((line, at) => ({
    ...line,
    sessionId: `planted-${i}`,
    uuid: `planted-${i}-${at}`,
    project: 'webshop',
    timestamp: new Date(start + at * 20_000).toISOString(),
  }))
}
