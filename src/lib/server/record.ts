import {messageBody} from '../client/protocol.ts'
import type {Memory, RecordOptions} from '../memory/memory.ts'
import {inputFromWire} from '../memory/wire.ts'
import {BmfoteError} from '../model/errors.ts'
import {DEFAULT_WORKSPACE} from '../model/limits.ts'
import type {NewMessage, RecordResult} from '../model/message.ts'
import {authorize, type Caller} from '../model/principal.ts'
import {createItemCheck, type ItemCheck} from './validate.ts'

/** A single message has an answer of its own to be refused with, unlike one among many. */
export async function recordOne(memory: Memory, caller: Caller, message: NewMessage): Promise<RecordResult> {
  const [result] = await memory.recordMessages(caller, [message])
  if (result && result.status !== 'error') return result
  authorize(caller.principal, 'write', message.workspaceId ?? DEFAULT_WORKSPACE)
  throw new BmfoteError('invalid_input', result?.error ?? 'The message was not stored.')
}

export type RecordBatch = (
  caller: Caller,
  items: readonly unknown[],
  options: RecordOptions,
) => Promise<Partial<RecordResult>[]>

/** Checks the items one by one; what is refused keeps its place among the results. */
export function createRecordBatch(memory: Memory): RecordBatch {
  // Compiling the schema costs more than storing a batch: once for all of them.
  const check = createItemCheck(messageBody)
  return (caller, items, options) => recordBatch(memory, caller, {items, check, options})
}

async function recordBatch(
  memory: Memory,
  caller: Caller,
  {items, check, options}: {items: readonly unknown[]; check: ItemCheck; options: RecordOptions},
): Promise<Partial<RecordResult>[]> {
  const refusals = items.map(check)
  const accepted = items.filter((_, index) => refusals[index] === undefined) as object[]
  const stored = await memory.recordMessages(
    caller,
    accepted.map((item) => inputFromWire<NewMessage>(item)),
    {restore: options.restore},
  )
  const remaining = stored.values()
  return items.map((item, index) => {
    const error = refusals[index]
    if (error === undefined) return remaining.next().value ?? {status: 'error', error: 'Not stored.'}
    return {uuid: uuidOf(item), status: 'error', error}
  })
}

/** What the sender can match the refusal by, as far as it can be told. */
function uuidOf(item: unknown): string {
  const uuid = typeof item === 'object' && item !== null && 'uuid' in item ? item.uuid : undefined
  return typeof uuid === 'string' ? uuid : ''
}
