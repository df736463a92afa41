import {expect, test} from 'vitest'
import {CALL_SAMPLES, RESULT_SAMPLES} from '../../../scripts/client-samples.ts'
import * as capture from '../capture/transcripts/tool-text.ts'
import {describeToolCall, describeToolResult} from './describe-tool.ts'

// The same turn may be recorded by a hook of the Agent SDK, and by Claude Code's hooks after it.
test.each(CALL_SAMPLES)('a call of %s is worded as the hooks of Claude Code word it', (name, input) => {
  expect(describeToolCall(name, input)).toBe(capture.describeToolCall(name, input).text)
})

test.each(RESULT_SAMPLES.map((text) => [text]))('a result is, too: %j', (text) => {
  expect(describeToolResult(text)).toBe(capture.describeToolResult(text).text)
})

test('what refers to itself is not written out', () => {
  const round: {self?: unknown} = {}
  round.self = round

  expect(describeToolCall('loop', {round})).toBe('loop: round: [not shown]')
})
