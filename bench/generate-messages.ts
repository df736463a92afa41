/**
 * Realistic messages at any size, for benches, soak tests and trying things out:
 *
 *   bun bench/generate-messages.ts --count 100000 > messages.jsonl
 *   bun bench/generate-messages.ts --shape claude-code --megabytes 500 --out /tmp/history
 */
import {once} from 'node:events'
import {parseArgs} from 'node:util'
import {toWire} from '../src/lib/memory/wire.ts'
import {DEFAULT_WORKSPACE} from '../src/lib/model/limits.ts'
import type {NewMessage} from '../src/lib/model/message.ts'
import {writeClaudeCodeHistory} from './messages/claude-code-history.ts'
import {generateMessages} from './messages/conversations.ts'

export {type GenerateOptions, generateMessages} from './messages/conversations.ts'

/** `evaluation`: records of an evaluation set. `message`: bodies of `POST /api/messages`. */
const LINE_SHAPES: Record<string, (message: NewMessage) => object> = {
  evaluation: (message) => ({
    workspace: message.workspaceId ?? DEFAULT_WORKSPACE,
    session: message.sessionId,
    uuid: message.uuid,
    author: message.author,
    type: message.type,
    timestamp: message.timestamp,
    content: message.content,
  }),
  message: toWire,
}

if (import.meta.main) await main()

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      count: {type: 'string', default: '1000'},
      seed: {type: 'string', default: '1'},
      shape: {type: 'string', default: 'evaluation'},
      workspace: {type: 'string'},
      megabytes: {type: 'string', default: '100'},
      out: {type: 'string', default: 'tmp/history'},
    },
  })
  const options = {seed: Number(values.seed), workspaceId: values.workspace}
  if (values.shape === 'claude-code') {
    const bytes = Number(values.megabytes) * 1_000_000
    console.error(writeClaudeCodeHistory(values.out, {...options, count: bytes / 1_000, bytes}))
    return
  }
  const shape = LINE_SHAPES[values.shape]
  if (!shape) throw new Error(`There is no shape "${values.shape}": evaluation, message or claude-code.`)
  for (const message of generateMessages({...options, count: Number(values.count)})) {
    if (!process.stdout.write(`${JSON.stringify(shape(message))}\n`)) await once(process.stdout, 'drain')
  }
}
