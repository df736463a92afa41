import type {NewMessage} from '../../src/lib/model/message.ts'

export const SAMPLE_SESSION = '34005b86-3579-4e2e-800b-582d04cdb77e'
export const SAMPLE_UUID = '5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d01'

/** Two projects, a tool's error and what helped, another workspace; every field of them is given. */
export const SAMPLE_MESSAGES: NewMessage[] = [
  message(0, {author: 'lea', content: 'How long does the retry loop wait?'}),
  message(1, {
    type: 'assistant',
    model: 'claude-opus-4-5',
    content: 'It waits 100 ms,\nthen the retry doubles that.',
  }),
  message(2, {type: 'assistant', tool: 'Bash', content: 'npm test'}),
  message(3, {
    role: 'tool',
    tool: 'Bash',
    status: 'error',
    content: 'Error: connect ECONNREFUSED 127.0.0.1:5432',
  }),
  message(4, {type: 'assistant', content: 'The database is not running: docker compose up starts it.'}),
  message(5, {
    sessionId: 'notes',
    project: 'garden',
    source: 'cli',
    content: 'Water the tomatoes twice a day.',
  }),
  message(6, {workspaceId: 'research', sessionId: 'r', content: 'The retry budget of the other team.'}),
]

function message(number: number, fields: Partial<NewMessage>): NewMessage {
  const at = new Date(Date.parse('2026-11-19T09:30:00Z') + number * 60_000).toISOString()
  return {
    sessionId: SAMPLE_SESSION,
    uuid: `5a9f3c1e-0f4d-4c55-9f0e-2f4b8a6c7d0${number}`,
    type: 'user',
    project: 'webshop',
    source: 'claude-code',
    timestamp: at,
    recordedAt: at,
    writtenBy: 'shared',
    revision: 1,
    ...fields,
  }
}
