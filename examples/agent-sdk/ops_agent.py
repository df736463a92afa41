"""An agent of the Claude Agent SDK: the hooks record its turns and recall at the first prompt, the MCP server gives it the
tools.

    pip install -e ./client claude-agent-sdk
    export BMFOTE_URL=… BMFOTE_TOKEN=… ANTHROPIC_API_KEY=…
    python ops_agent.py "Continue yesterday's investigation"
"""

import asyncio
import os
import sys

from claude_agent_sdk import ClaudeAgentOptions, ResultMessage, query

from bmfote_client import agent_sdk_hooks, close_when_done


async def main(prompt: str) -> None:
    hooks = agent_sdk_hooks(project="ops-agent")
    options = ClaudeAgentOptions(
        mcp_servers={
            "bmfote": {
                "type": "http",
                "url": f"{os.environ['BMFOTE_URL']}/mcp/",
                # Claude Code puts the variable in. The token itself would stand on its command line, which everybody on
                # the machine can read.
                "headers": {"Authorization": "Bearer ${BMFOTE_TOKEN}"},
            }
        },
        allowed_tools=["mcp__bmfote"],
        hooks=hooks,
    )
    async for message in close_when_done(query(prompt=prompt, options=options), hooks):
        if isinstance(message, ResultMessage):
            print(message.result)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "Continue yesterday's investigation"))
