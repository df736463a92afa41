/**
 * The model decides when to look into the memory and what to put into it: the five tools, and a loop that answers them.
 *
 *     npm install ./dist/npm/bmfote-client-*.tgz @anthropic-ai/sdk   # packed by `npm run release`: not on npm yet
 *     export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
 *     node tool-loop.ts 'What did we decide about Acme last week?'
 */
import Anthropic from '@anthropic-ai/sdk'
import {Client, runTools, TOOL_SPECS} from 'bmfote-client'

const user = process.argv[2] ?? 'What did we decide about Acme last week?'

const client = new Client()
const session = client.session('sales-agent')
const anthropic = new Anthropic()
const response = await runTools(
  (messages) =>
    anthropic.messages.create({model: 'claude-sonnet-5-5', max_tokens: 2048, tools: TOOL_SPECS, messages}),
  {client, session, messages: [{role: 'user', content: user}]},
)
for (const block of response.content) if (block.type === 'text') console.log(block.text)
await session.close()
