"""The model decides when to look into the memory and what to put into it: the SDK's tool runner with the five tools.

    pip install -e ./client anthropic
    export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
    python tool_loop.py 'What did we decide about Acme last week?'
"""

import sys

import anthropic

from bmfote_client import Client, record_exchange, runnable_tools

user = sys.argv[1] if len(sys.argv) > 1 else "What did we decide about Acme last week?"

with Client() as bmfote:
    runner = anthropic.Anthropic().beta.messages.tool_runner(
        model="claude-sonnet-5-5",
        max_tokens=2048,
        tools=runnable_tools(bmfote),
        messages=[{"role": "user", "content": user}],
    )
    response = runner.until_done()
    for block in response.content:
        if block.type == "text":
            print(block.text)
    record_exchange(bmfote.session(project="sales-agent"), user, response)
