import {describe, expect, test} from 'vitest'
import type {Session, SessionEvent, StreamEvent} from '../api-types.ts'
import {isMemoryCall} from './answer-requests.ts'
import {outcomeOf} from './outcome.ts'
import {answerOf, applyEvent, emptyTranscript, readTranscript} from './transcript.ts'

let ids = 0
function event(type: string, fields: object = {}): SessionEvent {
  ids += 1
  return {id: `sevt_${ids}`, type, processed_at: '2026-11-22T12:00:00Z', ...fields} as unknown as SessionEvent
}

const said = (text: string) => event('agent.message', {content: [{type: 'text', text}]})
const called = (id: string, name = 'search_memory', server = 'bmfote') =>
  event('agent.mcp_tool_use', {id, name, mcp_server_name: server, input: {query: 'x'}})
const returned = (id: string, is_error = false) =>
  event('agent.mcp_tool_result', {mcp_tool_use_id: id, is_error})
const idle = (type: string, fields: object = {}) =>
  event('session.status_idle', {stop_reason: {type, ...fields}, stop_details: null})
const failed = (type: string, mcp_server_name?: string) =>
  event('session.error', {error: {type, message: `${type} happened`, mcp_server_name}})

const AUTH_FAILED = 'mcp_authentication_failed_error'

describe('the answer', () => {
  test('is what was said after the last call, in as many messages as it took', () => {
    const transcript = readTranscript([
      said('Let me see.'),
      called('1'),
      returned('1'),
      said('It is 14 days.'),
      said('Lea said so.'),
      idle('end_turn'),
    ])

    expect(answerOf(transcript)).toBe('It is 14 days.\n\nLea said so.')
  })

  test('is the last words before, where nothing was said after the last call', () => {
    const events = [said('It is 14 days.'), called('1', 'remember'), returned('1'), idle('end_turn')]
    expect(answerOf(readTranscript(events))).toBe('It is 14 days.')
    expect(answerOf(readTranscript([idle('end_turn')]))).toBe('')
  })

  test('leaves out what is redacted, and what is of no known kind', () => {
    const content = [{type: 'redacted'}, {type: 'text', text: 'a'}, {type: 'hologram', text: 'b'}]
    expect(answerOf(readTranscript([event('agent.message', {content})]))).toBe('a')
  })
})

describe('a preview', () => {
  test('grows by what comes, and gives way to the message itself', () => {
    const transcript = emptyTranscript()
    const apply = (each: object) => applyEvent(transcript, each as StreamEvent)
    apply({type: 'event_start', event: {id: 'sevt_9', type: 'agent.message'}})
    for (const text of ['It ', 'is']) {
      apply({
        type: 'event_delta',
        event_id: 'sevt_9',
        delta: {type: 'content_delta', content: {type: 'text', text}},
      })
    }
    expect(transcript.preview).toBe('It is')

    apply(said('It is 14.'))
    expect(transcript).toMatchObject({preview: '', messages: [{text: 'It is 14.'}]})
  })
})

describe('what a session waits for', () => {
  const asked = event('agent.tool_use', {id: 'call', name: 'bash', input: {}, evaluated_permission: 'ask'})

  test('is named, until it is answered', () => {
    const waiting = [asked, idle('requires_action', {event_ids: ['call']})]
    const transcript = readTranscript(waiting)
    expect(transcript).toMatchObject({waitsFor: ['call'], calls: [{state: 'waiting'}]})
    expect(transcript.end).toBeUndefined()

    const denied = event('user.tool_confirmation', {tool_use_id: 'call', result: 'deny'})
    expect(readTranscript([...waiting, denied])).toMatchObject({waitsFor: [], calls: [{state: 'denied'}]})
  })

  test('only the memory’s own tools, at its own address, need nobody’s leave', () => {
    const session = (url: string) =>
      ({agent: {mcp_servers: [{name: 'bmfote', type: 'url', url}]}}) as unknown as Session
    const call = {
      id: '1',
      name: 'remember',
      server: 'bmfote',
      isCustom: false,
      input: {},
      state: 'waiting',
    } as const
    const ours = 'https://memory.example.com/mcp/'

    expect(isMemoryCall(call, session(ours), ours)).toBe(true)
    expect(isMemoryCall(call, session('https://evil.example.com/mcp/'), ours)).toBe(false)
    expect(isMemoryCall({...call, name: 'delete_everything'}, session(ours), ours)).toBe(false)
    expect(isMemoryCall({...call, server: 'github'}, session(ours), ours)).toBe(false)
    expect(isMemoryCall({...call, server: undefined}, session(ours), ours)).toBe(false)
  })
})

describe('how it has ended', () => {
  test.each([
    ['end_turn', 'done'],
    ['refusal', 'refused'],
    ['budget_reached', 'budget_reached'],
    ['retries_exhausted', 'retries_exhausted'],
    ['full_moon', 'done'],
  ])('idle because of %s: %s', (reason, kind) => {
    expect(outcomeOf(readTranscript([said('x'), idle(reason)])).kind).toBe(kind)
  })

  test('an error alone is no end', () => {
    expect(readTranscript([failed('model_overloaded_error')]).end).toBeUndefined()
  })

  test('a memory that was out of reach counts, unless it came back', () => {
    const lost = [failed(AUTH_FAILED, 'bmfote'), said('I could not look.'), idle('end_turn')]
    expect(outcomeOf(readTranscript(lost)).kind).toBe('memory_unreachable')

    const back = [failed(AUTH_FAILED, 'bmfote'), called('1'), returned('1'), said('x'), idle('end_turn')]
    expect(outcomeOf(readTranscript(back)).kind).toBe('done')

    const lostLater = [called('1'), returned('1'), failed(AUTH_FAILED, 'bmfote'), said('x'), idle('end_turn')]
    expect(outcomeOf(readTranscript(lostLater)).kind).toBe('memory_unreachable')
  })

  test('another MCP server that was out of reach is only told', () => {
    const events = [failed(AUTH_FAILED, 'github'), said('x'), idle('end_turn')]
    expect(outcomeOf(readTranscript(events))).toEqual({kind: 'done'})
  })

  const terminated = event('session.status_terminated')
  test.each([
    ['with an answer', 'done', [called('1'), returned('1'), said('It is 14 days.')]],
    ['without a call', 'done', [said('x')]],
    ['before anything', 'failed', []],
    ['after words that only led to a call', 'failed', [said('Let me search…'), called('1'), returned('1')]],
    ['with an error', 'failed', [said('x'), failed('unknown_error')]],
  ])('terminated %s: %s', (_, kind, events) => {
    expect(outcomeOf(readTranscript([...events, terminated])).kind).toBe(kind)
  })
})

test('events that nobody knows, and known ones with holes, break nothing', () => {
  const events = [
    event('agent.telepathy', {content: 7}),
    event('__proto__'),
    event('toString'),
    event('agent.message'),
    event('session.error'),
    event('session.status_idle'),
    event('span.model_request_end'),
    event('agent.mcp_tool_result', {mcp_tool_use_id: 'never made'}),
    event('agent.mcp_tool_use', {name: 'x'}),
  ]
  expect(() => readTranscript(events)).not.toThrow()
})
