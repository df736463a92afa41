import {expect, test} from 'vitest'
import {messageWithContext, recentMessage} from '../client/protocol.ts'
import {SAMPLE_MESSAGES} from '../ui/gallery/samples.ts'
import {wireBodies, wireBody} from './wire-body.ts'

const [message] = SAMPLE_MESSAGES

test('a body has the fields of its schema, in snake case, and no others', () => {
  const [body] = wireBodies(recentMessage, SAMPLE_MESSAGES)

  expect(Object.keys(body ?? {})).toEqual(Object.keys(recentMessage.properties))
  expect(body).toMatchObject({session_id: message?.sessionId, author: 'lea'})
})

test('so have the items of its lists', () => {
  const body = wireBody(messageWithContext, {...message, before: [], after: [message]})

  expect(body).toMatchObject({before: [], after: [{uuid: message?.uuid}]})
  expect(body['after']).not.toMatchObject([{session_id: message?.sessionId}])
})
