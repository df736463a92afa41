import {describe, expect, test} from 'vitest'
import {OWNER} from '../helpers/callers.ts'
import {haystack, memoryWith, say} from '../helpers/search-memory.ts'

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'

interface Case {
  what: string
  content: string
  /** Something that looks like it, and must come after it or not at all. */
  other?: string
  queries: string[]
}

const CASES: Case[] = [
  {
    what: 'camelCase',
    content: 'It fails in getTenantInvoiceById(7), as far as I see.',
    other: 'getTenantById is something else.',
    queries: [
      'getTenantInvoiceById',
      'gettenantinvoicebyid',
      'tenant invoice',
      'get tenant invoice by id',
      'where is getTenantInvoiceById called?',
    ],
  },
  {
    what: 'PascalCase with an acronym',
    content: 'class HTTPKioskBridge extends Bridge {}',
    queries: ['HTTPKioskBridge', 'kiosk bridge', 'KioskBridge', 'kiosk'],
  },
  {
    what: 'snake_case',
    content: 'set max_kiosk_retries to 4',
    other: 'set max_kiosk_size to 4',
    queries: ['max_kiosk_retries', 'kiosk retries', 'MAX_KIOSK_RETRIES'],
  },
  {
    what: 'kebab-case',
    content: 'sends x-kiosk-signature along',
    other: 'sends x-kiosk-request along',
    queries: ['x-kiosk-signature', 'kiosk signature', 'kiosk-signature'],
  },
  {
    what: 'a dotted name',
    content: 'read kiosk.server.idleTimeout there',
    queries: ['kiosk.server.idleTimeout', 'kiosk.server', 'kiosk idle timeout', 'idleTimeout of the kiosk'],
  },
  {
    what: 'a path',
    content: 'I changed src/lib/storage/open-ledger.ts today',
    other: 'I opened the storage of the lib',
    queries: [
      'src/lib/storage/open-ledger.ts',
      'open-ledger.ts',
      'storage/open-ledger',
      'open-ledger',
      'ledger',
    ],
  },
  {
    what: 'a path of Windows',
    content: String.raw`it is in C:\Users\lea\kiosk\boot.ini`,
    queries: [String.raw`C:\Users\lea\kiosk\boot.ini`, String.raw`kiosk\boot.ini`, 'boot.ini'],
  },
  {
    what: 'the number of an issue',
    content: 'the fix for #352 is in',
    other: 'it took 352 ms, then 352 more, 352 in all',
    queries: ['#352', 'what about #352?'],
  },
  {
    what: 'a hash',
    content: `reverted ${HASH} on main`,
    other: 'reverted 1f86d081884c7d659a2feaa0c55ad015a3bf4f1b on main',
    queries: [HASH, HASH.slice(0, 7), HASH.slice(0, 10), HASH.toUpperCase(), `commit ${HASH.slice(0, 8)}`],
  },
  {
    what: 'a version',
    content: 'pinned kiosk-runner@5.1.17 for now',
    other: 'kiosk-runner@5.1.18 breaks it',
    queries: ['kiosk-runner@5.1.17', '5.1.17', 'v5.1.17 of kiosk-runner', 'kiosk-runner 5.1.17'],
  },
  {
    what: 'an errno line, from another address',
    content: 'Error: connect ECONNRESET 10.1.2.3:6543\n    at TCPConnectWrap.afterConnect',
    queries: ['ECONNRESET', 'Error: connect ECONNRESET 10.9.8.7:1234', 'econnreset'],
  },
  {
    what: 'the code of an error',
    content: 'error TS7031: Binding element implicitly has an any type.',
    other: 'error TS7030: Not all code paths return a value.',
    queries: ['TS7031', 'error TS7031', 'ts7031'],
  },
  {
    what: 'Chinese',
    content: '结论：证书轮换由小林负责，每季度一次。',
    other: '证明书在桌上。',
    queries: ['证书轮换', '轮换', '谁负责证书轮换'],
  },
  {
    what: 'Japanese',
    content: '決済サーバーの証明書は来月に更新します。',
    queries: ['証明書', '決済サーバー', '証明書の更新'],
  },
  {what: 'Korean', content: '결제 서버 인증서를 갱신했습니다.', queries: ['인증서', '결제 서버', '인증서를']},
  {what: 'Thai', content: 'ใบรับรองหมดอายุแล้ว', queries: ['ใบรับรอง', 'หมดอายุ']},
  {
    what: 'emoji',
    content: 'merged it 🦩 at last',
    other: 'merged it 🦉 at last',
    queries: ['🦩', 'merged 🦩'],
  },
  {
    what: 'accents',
    content: 'Zoë orders crème brûlée for the naïve façade',
    queries: ['creme brulee', 'CRÈME', 'zoe', 'façade', 'facade', 'crème'.normalize('NFD')],
  },
]

describe('found whole and in parts, before what only looks like it', () => {
  for (const {what, content, other, queries} of CASES) {
    test(what, async () => {
      const messages = [say('wanted', content), ...(other ? [say('other', other)] : [])]
      const {find} = await memoryWith([...haystack(150), ...messages])

      const first: Record<string, string | undefined> = {}
      for (const query of queries) first[query] = (await find(query))[0]

      expect(first).toEqual(Object.fromEntries(queries.map((query) => [query, 'wanted'])))
    })
  }
})

test('the passage that is shown is the one that was found, and marks it', async () => {
  const {memory} = await memoryWith([
    say(
      'wanted',
      `${'Nothing to see here. '.repeat(200)}Then getTenantInvoiceById threw. ${'And so on. '.repeat(200)}`,
    ),
  ])

  const [hit] = await memory.searchMessages(OWNER, {query: 'getTenantInvoiceById'})

  expect(hit?.snippet).toContain('>>>getTenantInvoiceById<<<')
  expect(hit?.snippet.length).toBeLessThan(1_000)
})
