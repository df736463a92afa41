import {expect, test} from 'vitest'
import {backupUnderLoad} from '../../bench/backup-under-load.ts'

test('a backup under load restores to a whole database that has all that was acknowledged before', async () => {
  const report = await backupUnderLoad({backups: 2, pauseMs: 500})

  expect(report).toMatchObject({backups: 2, missing: 0, problems: 0})
  expect(report.acknowledged).toBeGreaterThan(0)
}, 120_000)
