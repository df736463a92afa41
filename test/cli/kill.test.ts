import {expect, test} from 'vitest'
import {killDuringIngest} from '../../bench/kill-during-ingest.ts'

test('a server that is killed while it stores keeps every message that it acknowledged', async () => {
  const report = await killDuringIngest({messages: 8_000, kills: 3})

  expect(report).toEqual({
    kills: 3,
    acknowledged: 8_000,
    lost: 0,
    stored: 8_000,
    integrity: {file: 'ok', index: 'ok', missingFromIndex: 0, orphansInIndex: 0, wrongSessionCounts: 0},
  })
}, 120_000)
