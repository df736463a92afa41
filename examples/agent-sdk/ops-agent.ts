/**
 * An agent of the Claude Agent SDK: the hooks record its turns and recall at the first prompt, the MCP server gives it the
 * tools.
 *
 *     npm install ./dist/npm/bmfote-client-*.tgz @anthropic-ai/claude-agent-sdk   # packed by `npm run release`: not on npm yet
 *     export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
 *     node ops-agent.ts "Continue yesterday's investigation"
 */
import {query} from '@anthropic-ai/claude-agent-sdk'
import {agentSdkHooks, closeWhenDone} from 'bmfote-client'

const prompt = process.argv[2] ?? "Continue yesterday's investigation"

const hooks = agentSdkHooks({project: 'ops-agent'})
const run = query({
  prompt,
  options: {
    hooks,
    mcpServers: {
      bmfote: {
        type: 'http',
        url: `${process.env.BMFOTE_URL}/mcp/`,
        headers: {Authorization: `Bearer ${process.env.BMFOTE_TOKEN}`},
      },
    },
    allowedTools: ['mcp__bmfote'],
    // The SDK brings a Claude Code of its own; CLAUDE_CODE_PATH names another. The token of the MCP server goes to it by
    // stdin, and not on its command line, which everybody on the machine can read.
    pathToClaudeCodeExecutable: process.env.CLAUDE_CODE_PATH,
    mcpServersDelivery: 'initialize',
  },
})
for await (const message of closeWhenDone(run, hooks)) {
  if (message.type === 'result' && message.subtype === 'success') console.log(message.result)
}
