/**
 * An agent that goes on with its own research: what it found on day 1, it knows on day 2, in another process.
 *
 *     npm install ./dist/npm/bmfote-client-*.tgz @anthropic-ai/sdk   # packed by `npm run release`: not on npm yet
 *     export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
 *     node research-agent.ts 'Find out what our competitors charge a seat.'
 *     node research-agent.ts 'Continue from where we left off.'
 */
import Anthropic from '@anthropic-ai/sdk'
import {Client, recordExchange} from 'bmfote-client'

const topic = 'what our competitors charge a seat'
const user = process.argv[2] ?? 'Continue from where we left off.'

const bmfote = new Client()
const session = bmfote.session('research-agent')

// 1. Recall what is known
const prior = await session.recall(topic, {limit: 10})

// 2. Run the turn with that in the system prompt
const anthropic = new Anthropic()
const response = await anthropic.messages.create({
  model: 'claude-sonnet-5-5',
  max_tokens: 2048,
  system: `You are a research agent.\n\n${prior}`,
  messages: [{role: 'user', content: user}],
})
for (const block of response.content) if (block.type === 'text') console.log(block.text)

// 3. Write the new turn back
await recordExchange(session, user, response)
await session.close()
