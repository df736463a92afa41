import {expect, test} from 'vitest'
import {runFaultStorm} from '../helpers/fault-storm.ts'

/** The long form, with its figures: `npm run soak -- faults`. */
const WRITES = 700

for (const mode of ['remote', 'replica'] as const) {
  test(`${mode}: whatever happens to the database, what was acknowledged is there once, and a refusal is a sentence`, async () => {
    const report = await runFaultStorm({mode, writes: WRITES})

    expect(report.lost).toEqual([])
    expect(report.doubled).toBe(0)
    expect(report.speechless).toEqual([])
    expect(report.acknowledged).toBe(WRITES)
    expect(report.refused).toMatchObject({database_full: expect.any(Number), unavailable: expect.any(Number)})
    expect(report.eventLoopMsMax).toBeGreaterThan(0)
  }, 120_000)
}
