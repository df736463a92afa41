#!/bin/sh
# The whole loop with curl alone: recall, (your agent's turn), record, find again.
#
#     export BMFOTE_URL=http://127.0.0.1:8026 BMFOTE_TOKEN=...
#     sh agent.sh
set -eu

auth="Authorization: Bearer ${BMFOTE_TOKEN:-}"
json='content-type: application/json'
session="curl-$(date +%s)-$$"

echo 'What is known before:'
curl -fsS -G -H "$auth" "$BMFOTE_URL/api/recall" --data-urlencode 'q=what does Globex charge a seat?'
echo

# Ids are yours: the same message sent again, after a failure say, is stored once.
curl -fsS -X POST -H "$auth" -H "$json" "$BMFOTE_URL/api/messages/batch" -d "[
  {\"session_id\": \"$session\", \"uuid\": \"$session-1\", \"type\": \"user\", \"role\": \"user\", \"project\": \"research-agent\",
   \"source\": \"curl\", \"content\": \"What does Globex charge a seat?\"},
  {\"session_id\": \"$session\", \"uuid\": \"$session-2\", \"type\": \"assistant\", \"role\": \"assistant\", \"project\": \"research-agent\",
   \"source\": \"curl\", \"content\": \"Globex charges 40 euros a seat.\"}
]"
echo

curl -fsS -X POST -H "$auth" -H "$json" "$BMFOTE_URL/api/remember" \
  -d '{"topic": "pricing", "project": "research-agent", "content": "We stay below the 40 euros of Globex."}'
echo

echo 'What is known now:'
curl -fsS -G -H "$auth" "$BMFOTE_URL/api/recall" --data-urlencode 'q=what does Globex charge a seat?'
echo
curl -fsS -G -H "$auth" "$BMFOTE_URL/api/search" --data-urlencode 'q=Globex' --data-urlencode 'limit=3'
echo
