import {checkDatabaseFile} from '../../memory/check-database.ts'
import {BmfoteError} from '../../model/errors.ts'
import {probeHttp, probeStdio} from '../../platform/mcp-probe.ts'
import {checkServer as askServer} from '../check-server.ts'
import {exists} from '../file-system.ts'
import {httpHeaders, MCP_SERVER_NAME} from '../mcp-server.ts'
import type {Check, Finding} from './finding.ts'

/** Hours and time words go by the clock; Claude Code's certificates by half a day. */
const CLOCK_SKEW_SECONDS_MAX = 120

/** The server answers, takes the token, and agrees what time it is. */
export const checkServer: Check = async ({effective, now}) => {
  const {url, token} = effective
  if (url === undefined)
    return [{check: 'server', state: 'ok', sentence: 'The memory is the local file: no server.'}]
  try {
    const {version, messages, clockSkewSeconds} = await askServer({url, token, now})
    const count = messages.toLocaleString('en-US')
    const sentence = `${url} answers${version ? ` (${version})` : ''}, and takes the token: ${count} messages.`
    return [{check: 'server', state: 'ok', sentence}, ...clockFinding(clockSkewSeconds)]
  } catch (error) {
    if (!(error instanceof BmfoteError)) throw error
    return [{check: 'server', state: 'problem', sentence: error.message, fix: error.next}]
  }
}

function clockFinding(skewSeconds: number | undefined): Finding[] {
  if (skewSeconds === undefined || Math.abs(skewSeconds) <= CLOCK_SKEW_SECONDS_MAX) return []
  const minutes = Math.round(Math.abs(skewSeconds) / 60)
  const sentence = `The clock of this machine is ${minutes} minutes ${skewSeconds > 0 ? 'ahead of' : 'behind'} the server's.`
  return [
    {
      check: 'clock',
      state: 'warning',
      sentence,
      fix: 'Let this machine, or the server, set its clock by the network.',
    },
  ]
}

/** The tools can be called the way that the AI tools call them. */
export const checkMcp: Check = async ({tools, context, environment}) => {
  if (tools.length === 0) return []
  const {connection, paths} = context
  const findings: Finding[] = []
  if (connection.url !== undefined && tools.some(({name}) => name === 'claude-code')) {
    const headers = httpHeaders(context, 'doctor', connection.token)
    findings.push(await probe('over HTTP', () => probeHttp({url: `${connection.url}/mcp`, headers})))
  }
  const isStdioUsed = connection.url === undefined || tools.some(({name}) => name !== 'claude-code')
  if (isStdioUsed) {
    findings.push(
      await probe('over stdio', () => probeStdio({command: paths.program, args: ['mcp'], environment})),
    )
  }
  return findings
}

async function probe(way: string, listTools: () => Promise<string[]>): Promise<Finding> {
  try {
    const names = await listTools()
    return {
      check: 'mcp',
      state: 'ok',
      sentence: `${MCP_SERVER_NAME} answers ${way} with ${names.length} tools.`,
    }
  } catch (error) {
    const sentence = `${MCP_SERVER_NAME} does not answer ${way}: ${(error as Error).message}.`
    return {
      check: 'mcp',
      state: 'problem',
      sentence,
      fix: 'See what is said of the server and the program above.',
    }
  }
}

/** Where the memory is a file of this machine: the file and its index are whole. */
export const checkDatabase: Check = async ({context}) => {
  const path = context.paths.database
  if (!(await exists(path, context.fs))) return []
  try {
    const problems = await checkDatabaseFile(path)
    if (problems.length === 0)
      return [{check: 'database', state: 'ok', sentence: `${path} and its index are whole.`}]
    return problems.map((problem) => ({
      check: 'database',
      state: 'problem',
      sentence: `${path}: ${problem}`,
      fix: 'Stop bmfote, keep a copy of the file, and restore a backup.',
    }))
  } catch (error) {
    if (!(error instanceof BmfoteError)) throw error
    return [{check: 'database', state: 'problem', sentence: error.message, fix: error.next}]
  }
}
