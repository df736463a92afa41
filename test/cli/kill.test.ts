import {expect, test} from 'vitest'
import {killDuringIngest} from '../../bench/kill-during-ingest.ts'
import {isWhole} from '../../src/lib/storage/check-integrity.ts'

test('a server that is killed while it stores keeps every message that it acknowledged', async () => {
  const report = await killDuringIngest({messages: 8_000, kills: 3})

  expect(report).toMatchObject({kills: 3, acknowledged: 8_000, lost: 0, stored: 8_000})
  expect(isWhole(report.integrity), JSON.stringify(report.integrity)).toBe(true)
}, 120_000)
