import {isSameMcpUrl} from '../mcp-url.ts'
import {MCP_SERVER} from '../names.ts'
import {
  builtInToolset,
  disabledTools,
  isEnabled,
  MEMORY_TOOLS,
  memoryToolset,
  stricterTools,
} from '../toolsets.ts'
import {findWiringFaults, type WiringFault} from '../wiring.ts'
import type {Patient} from './examine-agent.ts'
import type {AgentFinding} from './finding.ts'

/** The agent itself: what keeps it from its memory, and what somebody has set on purpose, which stays. */
export function checkAgent(patient: Patient): AgentFinding[] {
  const {agent, access} = patient
  const faults = findWiringFaults(agent, access.mcpUrl)
  const problems = faults.map((fault) => problemOf(fault, agent.id))
  const isWired = faults.length === 0
  const {name, id, version, model} = agent
  return [
    {check: 'agent', state: 'ok', sentence: `"${name}", ${id}, version ${version}, ${model.id}.`},
    ...(isWired
      ? [{check: 'server', state: 'ok', sentence: `It has the memory at ${access.mcpUrl}.`} as const]
      : []),
    ...problems,
    ...toolFindings(patient),
    ...foreignFindings(patient),
  ]
}

function problemOf({part, sentence}: WiringFault, agentId: string): AgentFinding {
  const said = `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`
  const fix =
    part === 'agent'
      ? 'Make another one: bmfote agent create'
      : part === 'tools'
        ? toolsFix(agentId)
        : `bmfote agent doctor ${agentId} --fix`
  return {check: part, state: 'problem', sentence: said, fix}
}

function toolsFix(agentId: string): string {
  return `bmfote agent doctor ${agentId} --fix enables the toolset; what is disabled tool by tool, only you can enable.`
}

/** Settings that hold for one tool were made by somebody: they are named, and stay. */
function toolFindings({agent}: Patient): AgentFinding[] {
  const toolset = memoryToolset(agent)
  if (toolset === undefined) return []
  const findings: AgentFinding[] = []
  const disabled = disabledTools(toolset)
  if (disabled.length > 0 && disabled.length < MEMORY_TOOLS.length) {
    findings.push({
      check: 'tools',
      state: 'warning',
      sentence: `Disabled, and left so: ${disabled.join(', ')}.`,
      fix: 'Enable them in the Claude Console if that was not meant.',
    })
  }
  const stricter = stricterTools(toolset)
  const toolsetPolicy = toolset.default_config?.permission_policy?.type
  if (toolsetPolicy === 'auto') stricter.unshift({name: 'all its tools', policy: 'auto'})
  if (stricter.length > 0) {
    const list = stricter.map(({name, policy}) => `${name} (${policy})`).join(', ')
    findings.push({
      check: 'policy',
      state: 'warning',
      sentence: `Stricter than needed, and left so: ${list}.`,
      fix: 'A call that waits for a permission holds the session up where nobody answers.',
    })
  }
  return findings
}

/** What is not ours, so that it is seen to be there still. */
function foreignFindings({agent, access}: Patient): AgentFinding[] {
  const findings: AgentFinding[] = []
  const others = agent.mcp_servers.filter(({name}) => name !== MCP_SERVER)
  const twin = others.find(({url}) => isSameMcpUrl(url, access.mcpUrl))
  if (twin) {
    findings.push({
      check: 'server',
      state: 'warning',
      sentence: `It has the same memory a second time, as "${twin.name}".`,
      fix: `Take "${twin.name}" away in the Claude Console: the agent sees each tool twice.`,
    })
  }
  const builtIn = builtInToolset(agent)
  const shell = builtIn && (['bash', 'write', 'edit'] as const).filter((name) => isEnabled(builtIn, name))
  const kept = [
    ...others.map(({name}) => `MCP server ${name}`),
    ...(shell?.length ? [`tools ${shell.join(', ')}`] : []),
  ]
  if (kept.length > 0)
    findings.push({check: 'agent', state: 'ok', sentence: `Not ours, and left alone: ${kept.join('; ')}.`})
  return findings
}
