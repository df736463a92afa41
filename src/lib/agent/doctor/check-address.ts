import {McpRefusal, probeHttp} from '../../platform/mcp-probe.ts'
import {type Address, findAddress} from '../address.ts'
import {MEMORY_TOOLS} from '../toolsets.ts'
import type {MemoryAccess} from '../vault.ts'
import type {AgentFinding} from './finding.ts'

/** Whether the agents can get there, as far as one can tell from here. */
export async function checkAddress(mcpUrl: string, apiUrl: string): Promise<AgentFinding[]> {
  const address = await findAddress(mcpUrl)
  const sentence = describeReach(address)
  const check = 'address'
  if (sentence !== undefined) {
    // Whoever hosts the agents as well may have them in the same network.
    const isSelfHosted = describeReach(await findAddress(apiUrl)) !== undefined
    return [{check, state: isSelfHosted ? 'warning' : 'problem', sentence, fix: REACH_ADVICE}]
  }
  if (address.reach === 'unknown') {
    return [
      {
        check,
        state: 'warning',
        sentence: `This machine finds no address for ${address.host}.`,
        fix: 'Check the name.',
      },
    ]
  }
  if (new URL(mcpUrl).protocol !== 'https:') {
    return [
      {
        check,
        state: 'warning',
        sentence: `${address.host} is reached without encryption: the token can be read on the way.`,
        fix: 'Put HTTPS before the server.',
      },
    ]
  }
  return [{check, state: 'ok', sentence: `${address.host} is an address of the open internet.`}]
}

export const REACH_ADVICE =
  "Managed Agents run in Anthropic's cloud: host the server where that reaches it, with HTTPS, and set BMFOTE_URL."

/** Undefined where nothing speaks against it. */
export function describeReach({host, reach, ip}: Address): string | undefined {
  const named = ip === undefined ? host : `${host} (${ip})`
  if (reach === 'loopback') return `${named} is this machine's loopback, which nobody else reaches.`
  if (reach === 'private') return `${named} is a private address, which only its own network reaches.`
  return undefined
}

/** The memory itself, by the address and the token that the vault gives to agents. */
export async function checkHandshake({mcpUrl, token}: MemoryAccess): Promise<AgentFinding[]> {
  const check = 'handshake'
  try {
    const tools = await probeHttp({url: mcpUrl, headers: {authorization: `Bearer ${token}`}})
    const missing = MEMORY_TOOLS.filter((name) => !tools.includes(name))
    if (missing.length === 0) {
      return [{check, state: 'ok', sentence: `The memory answers from here with ${tools.length} tools.`}]
    }
    return [
      {
        check,
        state: 'problem',
        sentence: `What answers at ${mcpUrl} lacks ${missing.join(', ')}.`,
        fix: 'Check that BMFOTE_URL names a bmfote server, and that it is up to date.',
      },
    ]
  } catch (error) {
    return [{check, state: 'problem', ...handshakeFault(error, mcpUrl)}]
  }
}

function handshakeFault(error: unknown, mcpUrl: string): {sentence: string; fix: string} {
  if (error instanceof McpRefusal && [401, 403].includes(error.status)) {
    return {
      sentence: `The memory at ${mcpUrl} does not take the token.`,
      fix: 'BMFOTE_TOKEN is the API_TOKEN that the server was started with.',
    }
  }
  const {name, message} = error as Error
  const reason = name === 'TimeoutError' ? 'it did not answer in time' : message
  return {
    sentence: `The memory at ${mcpUrl} does not answer MCP: ${reason}.`,
    fix: 'Look whether the server runs, and at its log.',
  }
}
