-- Written by `npm run generate` from schema/migrations. Do not edit.

CREATE TABLE bmfote_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL);

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL DEFAULT 'bmfote-default',
  session_id TEXT NOT NULL,
  project TEXT,
  first_message_at TEXT,
  last_message_at TEXT,
  -- What a client claims; stored_count is what is here.
  message_count INTEGER NOT NULL DEFAULT 0,
  stored_count INTEGER NOT NULL DEFAULT 0,
  last_message_ms INTEGER GENERATED ALWAYS AS (
    CASE WHEN last_message_at GLOB '[0-9]*'
    THEN CAST(round((julianday(last_message_at) - 2440587.5) * 86400000) AS INTEGER) END
  ) VIRTUAL,
  UNIQUE (workspace_id, session_id)
);

CREATE INDEX sessions_by_project ON sessions (workspace_id, project);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL DEFAULT 'bmfote-default',
  session_id TEXT NOT NULL,
  uuid TEXT NOT NULL,
  parent_uuid TEXT,
  type TEXT NOT NULL DEFAULT 'user',
  role TEXT,
  content TEXT,
  model TEXT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  -- As the client gave it; timestamp_ms is what sorts. The GLOB keeps the word 'now' away from julianday().
  timestamp TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  author TEXT,
  written_by TEXT,
  source TEXT,
  machine TEXT,
  tool TEXT,
  status TEXT,
  recorded_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  revision INTEGER NOT NULL DEFAULT 1,
  timestamp_ms INTEGER GENERATED ALWAYS AS (
    CASE WHEN timestamp GLOB '[0-9]*'
    THEN CAST(round((julianday(timestamp) - 2440587.5) * 86400000) AS INTEGER) END
  ) VIRTUAL,
  -- A fork repeats a uuid under another session, and neither may lose its conversation.
  UNIQUE (workspace_id, session_id, uuid)
);

CREATE INDEX messages_by_uuid ON messages (workspace_id, uuid);

CREATE INDEX messages_by_time ON messages (workspace_id, timestamp_ms);

CREATE INDEX messages_by_session ON messages (workspace_id, session_id, timestamp_ms);

CREATE TABLE tombstones (
  id INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  session_id TEXT,
  uuid TEXT,
  deleted_at TEXT NOT NULL,
  deleted_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  request_id TEXT NOT NULL,
  deleted_ms INTEGER GENERATED ALWAYS AS (
    CAST(round((julianday(deleted_at) - 2440587.5) * 86400000) AS INTEGER)
  ) VIRTUAL
);

CREATE INDEX tombstones_by_uuid ON tombstones (workspace_id, uuid, session_id);

CREATE INDEX tombstones_by_session ON tombstones (workspace_id, session_id) WHERE uuid IS NULL;

CREATE VIRTUAL TABLE messages_fts USING fts5 (
  content,
  content = 'messages',
  content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN
  INSERT INTO messages_fts (rowid, content) VALUES (NEW.id, NEW.content);
  INSERT INTO sessions (workspace_id, session_id)
    SELECT NEW.workspace_id, NEW.session_id WHERE NOT EXISTS (
      SELECT 1 FROM sessions WHERE workspace_id = NEW.workspace_id AND session_id = NEW.session_id
    );
  UPDATE sessions SET
    stored_count = stored_count + 1,
    first_message_at = CASE
      WHEN NEW.timestamp_ms IS NULL THEN first_message_at
      WHEN first_message_at IS NULL OR julianday(NEW.timestamp) < julianday(first_message_at) THEN NEW.timestamp
      ELSE first_message_at END,
    last_message_at = CASE
      WHEN NEW.timestamp_ms IS NULL THEN last_message_at
      WHEN last_message_ms IS NULL OR NEW.timestamp_ms > last_message_ms THEN NEW.timestamp
      ELSE last_message_at END
  WHERE workspace_id = NEW.workspace_id AND session_id = NEW.session_id;
END;

CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN
  INSERT INTO messages_fts (messages_fts, rowid, content) VALUES ('delete', OLD.id, OLD.content);
  UPDATE sessions SET
    stored_count = stored_count - 1,
    message_count = 0,
    first_message_at = (
      SELECT timestamp FROM messages WHERE workspace_id = OLD.workspace_id AND session_id = OLD.session_id
        AND timestamp_ms IS NOT NULL ORDER BY timestamp_ms LIMIT 1
    ),
    last_message_at = (
      SELECT timestamp FROM messages WHERE workspace_id = OLD.workspace_id AND session_id = OLD.session_id
        AND timestamp_ms IS NOT NULL ORDER BY timestamp_ms DESC LIMIT 1
    )
  WHERE workspace_id = OLD.workspace_id AND session_id = OLD.session_id;
  DELETE FROM sessions
    WHERE workspace_id = OLD.workspace_id AND session_id = OLD.session_id AND stored_count <= 0;
END;

CREATE TRIGGER messages_au AFTER UPDATE OF content ON messages WHEN OLD.content IS NOT NEW.content BEGIN
  INSERT INTO messages_fts (messages_fts, rowid, content) VALUES ('delete', OLD.id, OLD.content);
  INSERT INTO messages_fts (rowid, content) VALUES (NEW.id, NEW.content);
END;

