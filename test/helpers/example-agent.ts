import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {startManagedAgents} from './managed-agents/start-managed-agents.ts'
import {runBinary} from './run-binary.ts'
import {startServerProcess} from './server-process.ts'
import {type TempHome, tempHome} from './temp-home.ts'

const DOCUMENTED_AGENT = /agent_011CZkYpogX7uDKUyvBTophP/g

/** An address that nothing speaks against; nobody asks there while an agent is made. */
const PUBLIC_SERVER = 'https://memory.example.com'

/** Gives the example an API, a memory, the files that it reads, and the agent that it names; and the example itself. */
export async function furnishForAgents(home: TempHome, example: string): Promise<string> {
  const api = await startManagedAgents()
  const server = await startServerProcess({home: tempHome().bmfote, env: {API_TOKEN: 'TOKEN'}})
  onTestFinished(async () => {
    await server.kill()
    await api.close()
  })
  writeFileSync(join(home.path, 'prompt.txt'), 'You answer from the memory.\n')
  writeFileSync(join(home.path, 'task.md'), '# What do we know of Acme?\n')
  Object.assign(home.env, {
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: api.key,
    BMFOTE_URL: server.url,
    BMFOTE_TOKEN: 'TOKEN',
  })
  const made = await runBinary(['agent', 'create', '--name', 'example', '--system', 'x', '--force'], {home})
  if (example.includes('agent create')) home.env.BMFOTE_URL = PUBLIC_SERVER
  return example.replaceAll(DOCUMENTED_AGENT, made.stdout.trim())
}
