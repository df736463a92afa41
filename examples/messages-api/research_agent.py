"""An agent that goes on with its own research: what it found on day 1, it knows on day 2, in another process.

    pip install -e ./client anthropic
    export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
    python research_agent.py 'Find out what our competitors charge a seat.'
    python research_agent.py 'Continue from where we left off.'
"""

import sys

import anthropic

from bmfote_client import Client, record_exchange

TOPIC = "what our competitors charge a seat"
user = sys.argv[1] if len(sys.argv) > 1 else "Continue from where we left off."

bmfote = Client()
session = bmfote.session(project="research-agent")

# 1. Recall what is known
prior = session.recall(TOPIC, limit=10)

# 2. Run the turn with that in the system prompt
ac = anthropic.Anthropic()
response = ac.messages.create(
    model="claude-sonnet-5-5",
    max_tokens=2048,
    system=f"You are a research agent.\n\n{prior}",
    messages=[{"role": "user", "content": user}],
)
for block in response.content:
    if block.type == "text":
        print(block.text)

# 3. Write the new turn back
record_exchange(session, user, response)
session.close()
