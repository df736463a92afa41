import {expectTypeOf, test} from 'vitest'
import type {ErrorMatch, Message, Recall, RecentMessage, Remembered, SearchHit} from './answers.ts'
import type {
  ErrorMatchBody,
  MessageWithContextBody,
  NewMessageBody,
  RecallResultBody,
  RecentMessageBody,
  RememberResultBody,
  SearchHitBody,
} from './protocol.ts'
import type {WireMessage} from './wire-message.ts'

/** What a schema leaves open to additions, TypeScript shows as an index signature; a published type has none. */
type Known<T> = {[K in keyof T as string extends K ? never : K]: T[K]}

test('the published types are what the wire contract says', () => {
  expectTypeOf<Known<SearchHitBody>>().toExtend<SearchHit>()
  expectTypeOf<Known<ErrorMatchBody>>().toExtend<ErrorMatch>()
  expectTypeOf<Known<RecentMessageBody>>().toExtend<RecentMessage>()
  expectTypeOf<Known<MessageWithContextBody>>().toExtend<Message>()
  expectTypeOf<Known<RecallResultBody>>().toExtend<Recall>()
  expectTypeOf<Known<RememberResultBody>>().toExtend<Remembered>()
  expectTypeOf<WireMessage>().toExtend<NewMessageBody>()
  expectTypeOf<keyof WireMessage>().toExtend<keyof Known<NewMessageBody>>()
})

test('and name nothing that it does not', () => {
  expectTypeOf<Exclude<keyof SearchHit, keyof Known<SearchHitBody>>>().toBeNever()
  expectTypeOf<Exclude<keyof ErrorMatch, keyof Known<ErrorMatchBody>>>().toBeNever()
  expectTypeOf<Exclude<keyof RecentMessage, keyof Known<RecentMessageBody>>>().toBeNever()
  expectTypeOf<Exclude<keyof Message, keyof Known<MessageWithContextBody>>>().toBeNever()
})
