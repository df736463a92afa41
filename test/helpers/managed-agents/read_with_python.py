"""Uses the whole stand-in through the official Python SDK, which checks every answer against its own types.

    python read_with_python.py URL KEY MCP_URL MCP_TOKEN PROMPT

Prints the answer of the agent. Exits with an error when an answer is not what the SDK expects.
"""

import sys

import anthropic

url, key, mcp_url, mcp_token, prompt = sys.argv[1:]
client = anthropic.Anthropic(
    api_key=key, base_url=url, max_retries=0, timeout=30, _strict_response_validation=True
)

agent = client.beta.agents.create(
    name="Agent P",
    model="claude-opus-5-5",
    system="You answer from memory.",
    metadata={"origin": "python"},
    mcp_servers=[{"type": "url", "name": "bmfote", "url": mcp_url}],
    tools=[
        {
            "type": "mcp_toolset",
            "mcp_server_name": "bmfote",
            "default_config": {"permission_policy": {"type": "always_allow"}},
        },
        {
            "type": "agent_toolset_20260401",
            "default_config": {"enabled": False},
            "configs": [
                {"name": "web_search", "enabled": True},
                {"name": "web_fetch", "enabled": True},
            ],
        },
    ],
)
agent = client.beta.agents.update(agent.id, version=agent.version, description="updated")
assert client.beta.agents.retrieve(agent.id).version == 2
assert len(list(client.beta.agents.versions.list(agent.id))) == 2

environment = client.beta.environments.create(
    name="e",
    config={
        "type": "cloud",
        "networking": {"type": "limited", "allow_mcp_servers": True, "allowed_hosts": ["memory.example"]},
    },
)
environment = client.beta.environments.update(environment.id, description="updated")
assert environment.config.networking.allowed_hosts == ["memory.example"]

vault = client.beta.vaults.create(display_name="v")
credential = client.beta.vaults.credentials.create(
    vault.id, auth={"type": "static_bearer", "mcp_server_url": mcp_url, "token": "stale"}
)
client.beta.vaults.credentials.update(
    credential.id, vault_id=vault.id, auth={"type": "static_bearer", "token": mcp_token}
)
for _ in range(5):
    client.beta.vaults.create(display_name="more")
assert len(list(client.beta.vaults.list())) == 6
assert [each.id for each in client.beta.vaults.credentials.list(vault.id)] == [credential.id]

session = client.beta.sessions.create(
    agent=agent.id, environment_id=environment.id, vault_ids=[vault.id], title="from Python"
)
answer = ""
with client.beta.sessions.events.stream(session.id) as stream:
    client.beta.sessions.events.send(
        session.id,
        events=[{"type": "user.message", "content": [{"type": "text", "text": prompt}]}],
    )
    streamed = []
    for event in stream:
        streamed.append(event)
        if event.type == "agent.message":
            answer = "".join(block.text for block in event.content)
        if event.type == "session.status_idle":
            break
listed = list(client.beta.sessions.events.list(session.id))
assert [event.id for event in listed] == [event.id for event in streamed]
messages = list(client.beta.sessions.events.list(session.id, types=["agent.message", "user.message"]))
assert [event.type for event in messages] == ["user.message", "agent.message"]

assert client.beta.sessions.retrieve(session.id).status == "idle"
client.beta.sessions.update(session.id, title="renamed")
client.beta.sessions.archive(session.id)
assert [each.title for each in client.beta.sessions.list(include_archived=True)] == ["renamed"]
client.beta.sessions.delete(session.id)

try:
    client.beta.sessions.retrieve(session.id)
    raise AssertionError("the session is still there")
except anthropic.NotFoundError as error:
    assert error.request_id and error.request_id.startswith("req_")

client.beta.vaults.credentials.archive(credential.id, vault_id=vault.id)
client.beta.vaults.credentials.delete(credential.id, vault_id=vault.id)
client.beta.vaults.archive(vault.id)
client.beta.vaults.delete(vault.id)
client.beta.environments.archive(environment.id)
client.beta.environments.delete(environment.id)
client.beta.agents.archive(agent.id)
print(answer)
