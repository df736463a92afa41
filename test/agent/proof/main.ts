import {openProofStage} from './proof-stage.ts'
import {takeThreeSteps} from './three-runs.ts'

/** `npm run proof`: the three runs, shown. Against the stand-in for Anthropic's API; docs/proof.md has the way to the real one. */
const say = (text: string) => process.stdout.write(`${text}\n`)
const stage = await openProofStage()
try {
  say(
    'The server and bmfote-agent are the real ones. Anthropic is played by a stand-in whose agent follows a script.',
  )
  const results = await takeThreeSteps(stage, ({step, answer, toolCalls, sessionId, answerUuid, failed}) => {
    say(`\nAgent ${step.agent}: ${step.prompt}`)
    for (const {name, input} of toolCalls) say(`  ${name} ${JSON.stringify(input)}`)
    say(answer.replaceAll(/^/gm, '  > '))
    say(`  stored as ${answerUuid}, session ${sessionId}`)
    for (const {claim} of step.claims) say(`  ${failed.includes(claim) ? 'NOT SO:' : 'so:'} ${claim}`)
  })
  const violations = stage.api.violations.map(({problem}) => problem)
  for (const problem of violations) say(`against the types of the SDK: ${problem}`)
  process.exitCode = violations.length > 0 || results.some(({failed}) => failed.length > 0) ? 1 : 0
} finally {
  await stage.close()
}
