import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {openProofStage, type ProofStage} from './proof-stage.ts'
import {STEPS, type StepResult, takeStep, takeThreeSteps} from './three-runs.ts'

let stage: ProofStage

beforeEach(async () => {
  stage = await openProofStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.api.violations).toEqual([])
})

test('one memory, two agents: what A said, B knows', async () => {
  const results = await takeThreeSteps(stage)

  expect(results.map(({failed}) => failed)).toEqual([[], [], []])
  expect(results.map(({author}) => author)).toEqual(['Agent A', 'Agent A', 'Agent B'])
  expect(new Set(results.map(({sessionId}) => sessionId)).size).toBe(3)
})

describe('with the memory emptied before it', () => {
  test.each([
    [1, ['it answers what was said elsewhere']],
    [2, ['it reads run 1 by its uuid', 'it names run 1', 'it says what run 1 said']],
    [
      3,
      [
        'it reads both runs by their uuids',
        'it cites both sessions',
        'it attributes both to agent A',
        'it knows what they said',
      ],
    ],
  ])('run %i fails', async (number, failed) => {
    const agents = {A: await stage.create('Agent A'), B: await stage.create('Agent B')}
    const before: StepResult[] = []
    for (const step of STEPS.slice(0, number - 1)) {
      before.push(await takeStep(stage, {step, agentId: agents[step.agent], before: [...before]}))
    }
    expect(before.flatMap((result) => result.failed)).toEqual([])
    await stage.emptyMemory()
    const step = STEPS[number - 1]
    if (!step) throw new Error(`there is no run ${number}`)

    expect((await takeStep(stage, {step, agentId: agents[step.agent], before})).failed).toEqual(failed)
  })
})
