import type {NewMessage} from '../../src/lib/model/message.ts'

/** What a small team said at work over some weeks, and what of it each question should bring back. */
export const TEAM_MESSAGES: NewMessage[] = [
  ...session('pricing', 'webshop', '2026-03-02T09:00:00Z', [
    'ana: What should the pro plan cost? The competition takes 15 euros a month.',
    'assistant: At 12 euros the margin is 61 %, and every competitor is undercut. I would round no further down.',
    'ana: Agreed, 12 euros for the pro plan. The free plan keeps three projects.',
    'assistant: I changed the price table and the checkout page, and all tests of the checkout pass.',
  ]),
  ...session('icp', 'marketing', '2026-03-03T14:00:00Z', [
    'bo: Who is our ICP? We can not sell to everybody.',
    'assistant: The best fits so far are law firms of 5 to 20 people: they pay on time and stay.',
    'bo: Then the ICP is small law firms. Write the landing page for them.',
  ]),
  ...session('deploy', 'webshop', '2026-03-05T08:30:00Z', [
    'ana: The deploy to staging hangs at the migration step.',
    'assistant: The migration waits for a lock that the nightly report holds; it ran until 08:15 today.',
    'ana: Move the nightly report to 02:00 then.',
    'assistant: Moved the cron entry of the nightly report to 02:00, and the staging deploy went through in 3 minutes.',
  ]),
  ...session('auth', 'webshop', '2026-03-09T10:00:00Z', [
    'bo: Sessions expire while people type long forms. How long is the refresh token valid?',
    'assistant: refreshTokenTtl in src/auth/tokens.ts is 15 minutes. A sliding window of 12 hours would keep forms alive.',
    'bo: Use the sliding window, but log out after 7 days whatever happens.',
    'assistant: Done: rotateRefreshToken() slides by 12 hours and stops after 7 days; three new tests cover it.',
  ]),
  ...session('offsite', 'team', '2026-03-11T16:00:00Z', [
    'ana: The offsite is in Lisbon from May 4 to May 7, the hotel is booked for eleven people.',
    'bo: I will ask Chen about vegetarian dinners there.',
  ]),
]

/** A question, and the message that answers it. */
export const TEAM_QUESTIONS: readonly [question: string, uuid: string][] = [
  ['What does the pro plan cost?', 'pricing-3'],
  ['what was the ICP we agreed on?', 'icp-3'],
  ['why did the staging deploy hang at the migration', 'deploy-2'],
  ['When does the nightly report run now?', 'deploy-4'],
  ['How long is a refresh token valid?', 'auth-2'],
  ['rotateRefreshToken', 'auth-4'],
  ['Where is the offsite and which hotel?', 'offsite-1'],
  ['What did we decide about the sliding window for sessions on long forms?', 'auth-3'],
  ['remind me about Lisbon', 'offsite-1'],
  ['Can you remember which law firms fit us?', 'icp-2'],
]

function session(id: string, project: string, start: string, lines: readonly string[]): NewMessage[] {
  return lines.map((line, i) => {
    const [, author = '', content = ''] = /^(\w+): (.*)$/.exec(line) ?? []
    const type = author === 'assistant' ? 'assistant' : 'user'
    return {
      sessionId: id,
      uuid: `${id}-${i + 1}`,
      project,
      type,
      role: type,
      content,
      author: type === 'user' ? author : undefined,
      source: 'claude-code',
      timestamp: new Date(Date.parse(start) + i * 60_000).toISOString(),
    }
  })
}
