"""Records what the hooks of the Claude Agent SDK tell. No callback waits for the network, but for recall."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from . import _ids
from . import _operations as ask
from ._content import (
    Part,
    ToolNames,
    call_part,
    describe_json,
    field,
    parts_of,
    result_part,
    result_text,
    text_field,
)
from ._conversation import Conversation
from ._engine import Engine
from ._errors import BmfoteError
from ._outage import logger
from ._records import Author
from ._settings import SOURCE_AGENT_SDK
from ._text import head
from ._transcript import FoundLine, Transcript, Wanted

Event = Mapping[str, object]
HookOutput = dict[str, object]

# What Claude Code passes on of one hook, in UTF-16 code units; of more, the model sees a preview only.
CONTEXT_CHARS_MAX = 10_000

# Each of the two things that are recalled at the first prompt.
RECALL_BUDGET_CHARS = 4_500

# Claude Code writes a line up to 100 ms after the event that tells of it, and a busy machine later; that of a prompt when
# all hooks for it have ended, the person's own included. Nobody waits for it here.
LINE_SECONDS_MAX = 10.0
# Somebody waits, or there is no transcript at all: a session may be run without.
LINE_SECONDS_HURRIED = 0.75
LOOK_AGAIN_SECONDS = 0.05
# A look at files takes no time, unless their disk hangs.
LOOK_SECONDS_MAX = 1.0

SESSIONS_MAX = 1_000
TRANSCRIPTS_MAX = 100
IDLE_SECONDS_MAX = 2.0


@dataclass
class _Session:
    conversation: Conversation
    names: ToolNames


@dataclass(frozen=True)
class _Job:
    """A message that waits for its line of the transcript, whose id it is stored under."""

    session: _Session
    part: Part
    timestamp: str
    began: float
    path: str = ""
    wanted: Wanted | None = None
    fallback_id: str | None = None
    needs_transcript: bool = False


class AgentRecorder:
    def __init__(self, engine: Engine, author: Author, project: str, *, recalls: bool) -> None:
        self._engine = engine
        self._author = replace(author, source=SOURCE_AGENT_SDK)
        self._project = project
        self._recalls = recalls
        self._sessions: dict[str, _Session] = {}
        self._transcripts: dict[str, Transcript] = {}
        self._changed = threading.Condition()
        self._jobs: list[_Job] = []
        self._is_working = False
        self._hurried_at = float("-inf")
        self._thread: threading.Thread | None = None
        engine.before_flush(self.settle)

    async def prompt(self, event: Event) -> HookOutput:
        session_id, prompt = text_field(event, "session_id"), text_field(event, "prompt")
        # The harness reports on background tasks in a person's place.
        if not session_id or not prompt or prompt.startswith("<task-notification>"):
            return {}
        is_first = session_id not in self._sessions
        session = self._session(session_id)
        prompt_id = text_field(event, "prompt_id")
        timestamp = session.conversation.now()
        try:
            # Before it is recorded, or it would be recalled itself.
            recalled = await self._recall_for(prompt) if is_first and self._recalls else ""
        finally:
            for part in parts_of(prompt, "user", session.names):
                self._record(
                    session,
                    part,
                    path=text_field(event, "transcript_path"),
                    wanted=("prompt", prompt_id) if prompt_id else None,
                    fallback_id=_ids.derived_id("prompt", session_id, prompt_id) if prompt_id else None,
                    timestamp=timestamp,
                )
        return _context("UserPromptSubmit", recalled)

    async def session_start(self, event: Event) -> HookOutput:
        """After compaction, nothing of the session is left before the model but what is put there now."""
        session_id = text_field(event, "session_id")
        if field(event, "source") != "compact" or not session_id or not self._recalls:
            return {}
        thread = await self._recall({"project": self._project, "session_id": session_id})
        return _context("SessionStart", thread)

    async def tool_use(self, event: Event) -> HookOutput:
        place = self._place_of(event)
        tool_use_id, name = text_field(event, "tool_use_id"), text_field(event, "tool_name")
        if place is None or not tool_use_id or not name:
            return {}
        session, path = place
        session_id = session.conversation.session_id
        session.names.note(tool_use_id, name)
        self._record(
            session,
            call_part(name, field(event, "tool_input")),
            path=path,
            wanted=("call", tool_use_id),
            fallback_id=_ids.derived_id("call", session_id, tool_use_id),
        )
        error = field(event, "error")
        text = (
            text_field(event, "error") if error is not None else _response_text(field(event, "tool_response"))
        )
        for part in result_part(name, text, error is not None):
            self._record(
                session,
                part,
                path=path,
                wanted=("result", tool_use_id),
                fallback_id=_ids.derived_id("result", session_id, tool_use_id),
            )
        return {}

    async def answer(self, event: Event) -> HookOutput:
        self._answer(event, needs_transcript=False)
        return {}

    async def subagent_answer(self, event: Event) -> HookOutput:
        """Compaction runs as a sub-agent too; its words are a summary of what is recorded, and it has no transcript."""
        if text_field(event, "agent_transcript_path"):
            self._answer(event, needs_transcript=True)
        return {}

    def settle(self, seconds: float) -> None:
        """Puts everything that was told on its way to the memory.

        The seconds are for the lines that are still to come. When there are none left, what waits goes without its line:
        into the queue, and so into the spool.
        """
        with self._changed:
            self._hurried_at = time.monotonic()
            self._changed.wait_for(lambda: not self._jobs and not self._is_working, seconds)
            if not self._changed.wait_for(lambda: not self._is_working, LOOK_SECONDS_MAX):
                return
            jobs, self._jobs = self._jobs, []
            self._is_working = True
        try:
            for job in jobs:
                self._try(job, is_over=True)
        finally:
            with self._changed:
                self._is_working = False
                self._changed.notify_all()

    def _answer(self, event: Event, *, needs_transcript: bool) -> None:
        place = self._place_of(event)
        error = text_field(event, "error")
        said = text_field(event, "last_assistant_message") or error
        if place is None or not said:
            return
        session, path = place
        prompt_id = text_field(event, "prompt_id")
        session_id = session.conversation.session_id
        for part in parts_of(said, "assistant", session.names):
            self._record(
                session,
                replace(part, status="error") if error else part,
                path=path,
                wanted=("answer", said.strip()),
                fallback_id=_ids.derived_id("answer", session_id, prompt_id) if prompt_id else None,
                needs_transcript=needs_transcript,
            )

    async def _recall_for(self, prompt: str) -> str:
        """What was going on in the project, and what the prompt asks about."""
        found = await asyncio.gather(self._recall({"project": self._project}), self._recall({"q": prompt}))
        texts = dict.fromkeys(text for text in found if text)
        return head("\n".join(texts), CONTEXT_CHARS_MAX)

    async def _recall(self, query: Mapping[str, object]) -> str:
        scope = {
            "budget": RECALL_BUDGET_CHARS,
            "now": ask.now_here(),
            "workspace_id": self._author.workspace,
        }
        try:
            return await self._engine.run_async(ask.recall({**query, **scope})) or ""
        except BmfoteError as error:
            self._engine.warn(error, "The agent goes on without what it would have recalled.")
            return ""

    def _place_of(self, event: Event) -> tuple[_Session, str] | None:
        """In a sub-agent, its own session and transcript, as Claude Code's own hooks have it."""
        session_id, path = text_field(event, "session_id"), text_field(event, "transcript_path")
        if not session_id:
            return None
        agent_id = text_field(event, "agent_id")
        if not agent_id:
            return self._session(session_id), path
        agent_path = text_field(event, "agent_transcript_path")
        if not agent_path and path:
            agent_path = f"{path.removesuffix('.jsonl')}/subagents/agent-{agent_id}.jsonl"
        return self._session(f"agent-{agent_id}"), agent_path

    def _session(self, session_id: str) -> _Session:
        known = self._sessions.get(session_id)
        if known is None:
            known = _Session(Conversation(self._project, session_id, self._author), ToolNames())
            self._sessions[session_id] = known
            if len(self._sessions) > SESSIONS_MAX:
                del self._sessions[next(iter(self._sessions))]
        return known

    def _record(
        self,
        session: _Session,
        part: Part,
        *,
        path: str,
        wanted: Wanted | None,
        fallback_id: str | None,
        needs_transcript: bool = False,
        timestamp: str | None = None,
    ) -> None:
        timestamp = timestamp or session.conversation.now()
        job = _Job(session, part, timestamp, time.monotonic(), path, wanted, fallback_id, needs_transcript)
        with self._changed:
            self._jobs.append(job)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="bmfote-agent", daemon=True)
                self._thread.start()

    # The thread ----------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        changed = self._changed
        while True:
            with changed:
                if not changed.wait_for(lambda: self._jobs and not self._is_working, IDLE_SECONDS_MAX):
                    if self._jobs:
                        continue
                    self._thread = None
                    return
                jobs, self._jobs = self._jobs, []
                self._is_working = True
            waiting = [job for job in jobs if not self._try(job)]
            with changed:
                self._jobs = waiting + self._jobs
                self._is_working = False
                changed.notify_all()
            if waiting:
                time.sleep(LOOK_AGAIN_SECONDS)

    def _try(self, job: _Job, *, is_over: bool = False) -> bool:
        """False when it is to wait on for its line."""
        try:
            found = self._find(job)
            if found is None and not is_over and time.monotonic() < self._due(job):
                return False
            if not job.needs_transcript or self._transcript(job.path).exists():
                self._store(job, found)
        except Exception as error:  # noqa: BLE001 - a thread that dies would record nothing more
            logger.warning("A message of the agent was not recorded: %r", error)
        return True

    def _due(self, job: _Job) -> float:
        """When it is stored without its line."""
        if not job.path or job.wanted is None:
            return job.began
        due = job.began + LINE_SECONDS_MAX
        if job.wanted[0] != "prompt" and not self._transcript(job.path).exists():
            due = job.began + LINE_SECONDS_HURRIED
        if self._hurried_at >= job.began:
            due = min(due, self._hurried_at + LINE_SECONDS_HURRIED)
        return due

    def _find(self, job: _Job) -> FoundLine | None:
        if not job.path or job.wanted is None:
            return None
        transcript = self._transcript(job.path)
        transcript.read_on()
        return transcript.find(job.wanted)

    def _store(self, job: _Job, found: FoundLine | None) -> None:
        part = job.part
        if found is not None and found.block is not None and job.wanted and job.wanted[0] == "result":
            is_error = field(found.block, "is_error") is True
            text = result_text(field(found.block, "content"))
            part = next(result_part(part.tool, text, is_error), part)
        uuid = found.uuid if found else job.fallback_id
        self._engine.record_soon(
            job.session.conversation.message(
                part,
                uuid=uuid or _ids.random_id(),
                timestamp=job.timestamp,
                model=found.model if found else None,
            )
        )

    def _transcript(self, path: str) -> Transcript:
        known = self._transcripts.get(path)
        if known is None:
            known = self._transcripts[path] = Transcript(Path(path))
            if len(self._transcripts) > TRANSCRIPTS_MAX:
                del self._transcripts[next(iter(self._transcripts))]
        return known


def _context(event_name: str, text: str) -> HookOutput:
    if not text:
        return {}
    return {"hookSpecificOutput": {"hookEventName": event_name, "additionalContext": text}}


def _response_text(response: object) -> str:
    """What a tool answered, in the forms that Claude Code's own tools and MCP tools have."""
    if isinstance(response, (str, list)):
        return result_text(response)
    content = field(response, "content")
    if isinstance(content, (str, list)):
        return result_text(content)
    printed = [
        text_field(response, "stdout"),
        text_field(response, "stderr"),
        text_field(field(response, "file"), "content"),
    ]
    return "\n".join(text for text in printed if text) or describe_json(response)
