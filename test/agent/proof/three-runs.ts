import {type AgentRun, KNOWN_FACT, type ProofStage} from './proof-stage.ts'

/** One of the three: who is asked what, and what must be true of it. */
export interface ProofStep {
  agent: 'A' | 'B'
  prompt: string
  claims: readonly Claim[]
}

interface Claim {
  claim: string
  holds: (run: AgentRun, before: readonly AgentRun[]) => boolean
}

export interface StepResult extends AgentRun {
  step: ProofStep
  /** What was claimed, and is not so. */
  failed: string[]
}

/** The three runs: memory belongs to the store, not to the agent. */
export const STEPS: readonly ProofStep[] = [
  {
    agent: 'A',
    prompt: 'What do you remember about the bmfote project?',
    claims: [
      {claim: 'it searches the memory', holds: (run) => called(run, 'search_memory')},
      {claim: 'it answers what was said elsewhere', holds: ({answer}) => answer.includes(KNOWN_FACT)},
      {
        claim: 'the turn is stored, by agent A',
        holds: ({author, answerUuid}) => author === 'Agent A' && answerUuid !== '',
      },
    ],
  },
  {
    agent: 'A',
    prompt: 'What did you tell me last time?',
    claims: [
      {claim: 'it reads run 1 by its uuid', holds: (run, [first]) => reads(run, first)},
      {
        claim: 'it names run 1',
        holds: ({answer}, [first]) => first !== undefined && answer.includes(first.answerUuid),
      },
      {claim: 'it says what run 1 said', holds: ({answer}) => answer.includes(KNOWN_FACT)},
    ],
  },
  {
    agent: 'B',
    prompt: 'Summarize every previous run and cite session IDs.',
    claims: [
      {
        claim: 'it reads both runs by their uuids',
        holds: (run, before) => before.every((each) => reads(run, each)),
      },
      {
        claim: 'it cites both sessions',
        holds: ({answer}, before) => before.every(({sessionId}) => answer.includes(sessionId)),
      },
      {
        claim: 'it attributes both to agent A',
        holds: ({answer}, before) => before.every((each) => attributes(answer, each)),
      },
      {claim: 'it knows what they said', holds: ({answer}) => answer.split(KNOWN_FACT).length - 1 >= 2},
    ],
  },
]

/** Runs one step, and says which of its claims fail. The agent must be there already. */
export async function takeStep(
  stage: ProofStage,
  {step, agentId, before}: {step: ProofStep; agentId: string; before: readonly AgentRun[]},
): Promise<StepResult> {
  const run = await stage.run(agentId, step.prompt)
  const failed = step.claims.filter(({holds}) => !holds(run, before)).map(({claim}) => claim)
  return {...run, step, failed}
}

/** All three, with agent B made only when its turn comes. `onStep` hears of each as it is done. */
export async function takeThreeSteps(
  stage: ProofStage,
  onStep?: (result: StepResult) => void,
): Promise<StepResult[]> {
  const results: StepResult[] = []
  const agents = new Map<string, string>()
  for (const step of STEPS) {
    const agentId = agents.get(step.agent) ?? (await stage.create(`Agent ${step.agent}`))
    agents.set(step.agent, agentId)
    if (step.agent === 'B' && stage.sessionsOf(agentId) > 0) throw new Error('agent B is not fresh')
    const result = await takeStep(stage, {step, agentId, before: [...results]})
    results.push(result)
    onStep?.(result)
  }
  return results
}

function called(run: AgentRun, tool: string): boolean {
  return run.toolCalls.some(({name}) => name === tool)
}

function reads(run: AgentRun, other: AgentRun | undefined): boolean {
  return run.toolCalls.some(
    ({name, input}) => name === 'get_context' && other !== undefined && input.uuid === other.answerUuid,
  )
}

/** In one line: the session, the uuid and the name of who said it. */
function attributes(answer: string, {sessionId, answerUuid}: AgentRun): boolean {
  return answer.split('\n').some((line) => {
    return line.includes(sessionId) && line.includes(answerUuid) && line.includes('Agent A')
  })
}
