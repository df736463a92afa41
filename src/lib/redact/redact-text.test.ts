import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {plantSecrets} from '../../../test/helpers/planted-secrets.ts'
import {redactText} from './redact-text.ts'

const planted = plantSecrets()
const PASSWORD = ['hunter2', 'Zq9'].join('-')
const TOKEN = ['q8Rk2LmZx7', 'Vb4NcT1YpW'].join('')
const HEX = '8f14e45fceea167a'.repeat(2)

describe('planted secrets', () => {
  test('there are nineteen', () => {
    expect(planted).toHaveLength(19)
  })

  test.each(planted.map((plant, i) => [`${i + 1}. ${plant.kind}`, plant] as const))('%s', (_, plant) => {
    const {text, found} = redactText(plant.text)

    expect(text).toBe(plant.text.replace(plant.secret, `[redacted:${plant.kind}]`))
    expect(found).toEqual([{kind: plant.kind, count: 1}])
  })

  test('in a sentence, in code, in JSON and in JSON inside JSON, fifty times over', () => {
    const surroundings = [
      (text: string) => `I put it there:\n${text}\nand now it works.`,
      (text: string) => `\`\`\`\n${text}\n\`\`\``,
      (text: string) => JSON.stringify({stdout: `first\n${text}\nlast`}),
      (text: string) => JSON.stringify({content: JSON.stringify({stdout: `first\n${text}\nlast`})}),
      (text: string) => `\u001b[32m${text}\u001b[0m`,
      (text: string) => `これは${text}です`,
    ]
    const kept: string[] = []
    for (let seed = 1; seed <= 50; seed++) {
      for (const {text, secret} of plantSecrets(seed)) {
        const line = secret.split('\n')[1] ?? secret
        for (const surround of surroundings) {
          if (redactText(surround(text)).text.includes(line)) kept.push(surround(text))
        }
      }
    }

    expect(kept).toEqual([])
  })

  test('all of them in one text, which says how often it found what', () => {
    const {text, found} = redactText(planted.map((plant) => plant.text).join('\n'))

    for (const {secret} of planted) expect(text).not.toContain(secret)
    expect(found.reduce((sum, {count}) => sum + count, 0)).toBe(19)
    expect(found).toContainEqual({kind: 'github-token', count: 2})
  })
})

describe('a name says that its value is secret', () => {
  test.each([
    `DB_PASSWORD=${PASSWORD}`,
    `DB_PASSWORD=(${PASSWORD});&x`,
    `\u001b[32mDB_PASSWORD=${PASSWORD}\u001b[0m`,
    `export DB_PASSWORD="${PASSWORD}"`,
    `.env:3:DB_PASSWORD=${PASSWORD}`,
    `     5\u2192DB_PASSWORD=${PASSWORD}`,
    `+DB_PASSWORD=${PASSWORD}`,
    `docker run -e DB_PASSWORD=${PASSWORD} image`,
    `PGPASSWORD=${PASSWORD} psql`,
    `started with [DB_PASSWORD=q8Rk2LmW9xTz]`,
    `- name: DB_PASSWORD\n  value: ${PASSWORD}`,
    `{"name": "API_TOKEN", "value": "${TOKEN}"}`,
    `const password: string = "${PASSWORD}"`,
    `let token: &str = "${TOKEN}";`,
    `password: ${PASSWORD}`,
    `"password":"${PASSWORD}"`,
    `{\\"password\\": \\"${PASSWORD}\\"}`,
    `:password => '${PASSWORD}'`,
    `<password>${PASSWORD}</password>`,
    `db.password=${'correcthorse'}battery`,
    `https://host/login?user=a&password=${PASSWORD}&x=1`,
    `Server=db;User Id=sa;Password=${PASSWORD};`,
    `X-Api-Key: ${TOKEN}`,
    `curl -H "Private-Token: ${TOKEN}" https://host`,
    `api_key: ${HEX}`,
    `JWT_SECRET=${TOKEN}`,
    `clientSecret = "${TOKEN}"`,
    `AccountKey=${TOKEN.repeat(4)}ab==;EndpointSuffix=host`,
    `//npm.example.com/:${'_auth'}Token=8f14e45f-ceea-467a-9a36-dedd4bea2543`,
    `пароль: ${PASSWORD}`,
    `密码：${PASSWORD}`,
    `Passwort: ${PASSWORD}`,
  ])('%s', (text) => {
    expect(redactText(text).text).toMatch(/\[redacted:(?:password|secret)\]/)
    expect(redactText(text).text).not.toMatch(/hunter2|Zq9|q8Rk2L|8f14e45f|correcthorse/)
  })
})

describe('in what people say and type', () => {
  test.each([
    [`The password is ${PASSWORD}.`, 'The password is [redacted:password].'],
    [
      `the password for the staging db is \`${PASSWORD}\``,
      'the password for the staging db is `[redacted:password]`',
    ],
    [`log in with password "${PASSWORD}", then`, 'log in with password "[redacted:password]", then'],
    [`**Password:** ${PASSWORD}`, '**Password:** [redacted:password]'],
    [`Your API key is ${TOKEN}`, 'Your API key is [redacted:secret]'],
    [`CREATE USER app WITH PASSWORD '${PASSWORD}';`, "CREATE USER app WITH PASSWORD '[redacted:password]';"],
    [`["--api-key", "${TOKEN}"]`, '["--api-key", "[redacted:secret]"]'],
    [`tool --password ${PASSWORD} run`, 'tool --password [redacted:password] run'],
    [`curl -u admin:${PASSWORD} https://host`, 'curl -u admin:[redacted:password] https://host'],
    [`sshpass -p '${PASSWORD}' ssh host`, "sshpass -p '[redacted:password]' ssh host"],
    [`mysql -u root -p${PASSWORD} db`, 'mysql -u root -p[redacted:password] db'],
    [`Authorization: Basic ${btoa(`deploy:${PASSWORD}`)}`, 'Authorization: Basic [redacted:basic-auth]'],
    [`Authorization: token ${HEX}`, 'Authorization: token [redacted:bearer-token]'],
    [`Cookie: theme=dark; sid=${TOKEN}`, 'Cookie: theme=dark; sid=[redacted:cookie]'],
    [`redis://:${PASSWORD}@cache:6379/0`, 'redis://:[redacted:url-password]@cache:6379/0'],
    [`https://u:p@ss${PASSWORD}@host/x`, 'https://u:[redacted:url-password]@host/x'],
  ])('%s', (text, expected) => {
    expect(redactText(text).text).toBe(expected)
  })
})

describe('what a person marked as private', () => {
  test('is gone whole, with what is nested in it', () => {
    expect(redactText('a <private>one <private>two</private> three</private> b').text).toBe(
      'a [redacted:private] b',
    )
  })

  test('a tag without its partner, or with nothing inside, is only spoken of', () => {
    for (const text of ['the <private> tag', 'ends with </private>', '<private>…</private>']) {
      expect(redactText(text)).toEqual({text, found: []})
    }
  })
})

describe('private keys that were cut off', () => {
  const [begin = '', ...lines] = planted.find(({kind}) => kind === 'private-key')?.secret.split('\n') ?? []

  test('at the end', () => {
    const cut = redactText(`  key: |\n    ${begin}\n    ${lines.slice(0, 3).join('\n    ')}\n(output cut)`)

    expect(cut.text).toBe('  key: |\n    [redacted:private-key]\n(output cut)')
  })

  test('at the beginning', () => {
    expect(redactText(`${lines.slice(5).join('\n')}\ndone`).text).toBe('[redacted:private-key]\ndone')
  })
})

describe('what is no secret stays as it is', () => {
  test.each([
    // Ids, hashes and pictures.
    'commit 1cc7f08d6c1b2a3948576afedcba09876543210f',
    'session_id: 4094f783-2a4c-4977-825c-1f79868bc88f',
    `"integrity": "sha512-${'abc0DEF1ghi2JKL3'.repeat(5)}AB=="`,
    `<img src="data:image/png;base64,iVBORw0KGgo${'AAABJRU5ErkJggg'.repeat(20)}">`,
    `etag: "${HEX}"`,
    `"key": "${HEX}"`,
    '"input_tokens":12345,"max_tokens":4096',
    '--- PASS: TestFoo1 (0.01s)',
    // Placeholders.
    'API_TOKEN=<API_TOKEN>',
    `DB_PASSWORD=\${DB_PASSWORD}`,
    'token: $TOKEN_2',
    'API_KEY=your-api-key-here-1234',
    'password: process.env.DB_PASSWORD1',
    'token: xxxxxxxxxxxxxxxxxxxx',
    `ghp_${'x'.repeat(36)}`,
    `AKIA${'IOSFODNN7'}EXAMPLE`,
    'postgres://user:password@localhost/db',
    'postgres://postgres:postgres@localhost:5432/db',
    'SECRET_KEY=changeme1',
    'password: "test123"',
    // Code and prose.
    'password: z.string().min(8)',
    'const token = tokens[index2]',
    'if (token === "abc123def456ghi7") return',
    'password: hash2, port: 80',
    'progressToken: ProgressTokenSchema2.optional()',
    'Bearer authentication is required',
    'password is base64-encoded, 8-characters',
    'the password is wrong, the token is expired',
    'docker run -u 1000:1000 alpine && ssh -p 2222 host',
    'http://localhost:3000/@scope/package',
    '.sk-fading-circle .sk-circle12:before',
    'publicKey: "kO8nJ2QxQ1oZk3vVYkq0Z9mE4pC7tRfW8sLxBnMpQ1c="',
    `nextPageToken: "${TOKEN}"`,
    `if (text.includes('-----BEGIN ${'PRIVATE'} KEY-----')) return`,
    'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
  ])('%s', (text) => {
    expect(redactText(text)).toEqual({text, found: []})
  })
})

describe('whatever the text', () => {
  const fragments = fc.oneof(
    fc.constantFrom(
      ...planted.map(({text}) => text),
      PASSWORD,
      TOKEN,
      '密码：',
      '😀',
      '\u001b[32m',
      '%3D',
      '\\n',
    ),
    fc.constantFrom(
      'password',
      'DB_TOKEN',
      'key',
      'Bearer ',
      'curl -u ',
      '--password ',
      '<private>',
      '</private>',
    ),
    fc.constantFrom(
      '=',
      ': ',
      ' is ',
      '"',
      "'",
      '\\"',
      '`',
      '[redacted:',
      ']',
      '://',
      '@',
      ' ',
      '\n',
      '.',
      '/',
      ',',
    ),
    fc.string({unit: 'binary', maxLength: 12}),
  )
  const texts = fc.array(fragments, {maxLength: 25}).map((parts) => parts.join(''))

  test('redacting it again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = redactText(text).text
        expect(redactText(once)).toEqual({text: once, found: []})
      }),
      {numRuns: 3_000},
    )
  })

  test('no character outside the basic plane is cut in two', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(redactText(text.toWellFormed()).text.isWellFormed()).toBe(true)
      }),
      {numRuns: 1_000},
    )
  })

  // In quadratic time one of these would take minutes; the limit of every test is the guard.
  const hostile = [
    'password=',
    'token="',
    'token=\\"',
    'password="token="',
    '密码：',
    ' is ',
    '://a:b',
    '<private>',
    '</private>',
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    'curl -u a:',
    ' -p',
    'Bearer ',
    'eyJaaaaaaaaaaaaa.',
    'sk-a-',
    '-----BEGIN ',
    'LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t=',
    'xoxb-1-密码：',
    '</password>',
    'Cookie: a=',
    'name: value: ',
    'a',
    'aA1 ',
  ]
  test.each(hostile)('a line of a million characters made of %s', (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length))

    expect(redactText(text).text.length).toBeLessThanOrEqual(text.length * 3)
  })

  test('a hundred thousand nested private elements', () => {
    expect(redactText(`${'<private>'.repeat(100_000)}x${'</private>'.repeat(100_000)}`).text).toBe(
      '[redacted:private]',
    )
  })

  test('a secret behind fifty thousand characters is found', () => {
    const [{text, secret} = {text: '', secret: ''}] = planted

    expect(redactText(`${'word '.repeat(10_001)}${text}`).text).not.toContain(secret)
  })
})
