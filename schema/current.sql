-- Written by `npm run generate` from schema/migrations. Do not edit.
-- For an empty database, as `turso db shell NAME < schema/current.sql`; the server does the same by itself, and brings
-- an older database up to date, which this file does not.

CREATE TABLE IF NOT EXISTS bmfote_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS sessions (
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

CREATE INDEX IF NOT EXISTS sessions_by_project ON sessions (workspace_id, project);

CREATE TABLE IF NOT EXISTS messages (
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
  ) VIRTUAL, branch TEXT,
  -- A fork repeats a uuid under another session, and neither may lose its conversation.
  UNIQUE (workspace_id, session_id, uuid)
);

CREATE INDEX IF NOT EXISTS messages_by_uuid ON messages (workspace_id, uuid);

CREATE INDEX IF NOT EXISTS messages_by_time ON messages (workspace_id, timestamp_ms);

CREATE INDEX IF NOT EXISTS messages_by_session ON messages (workspace_id, session_id, timestamp_ms);

CREATE TABLE IF NOT EXISTS tombstones (
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

CREATE INDEX IF NOT EXISTS tombstones_by_uuid ON tombstones (workspace_id, uuid, session_id);

CREATE INDEX IF NOT EXISTS tombstones_by_session ON tombstones (workspace_id, session_id) WHERE uuid IS NULL;

CREATE VIRTUAL TABLE IF NOT EXISTS messages_fts USING fts5 (
  content,
  parts,
  scope,
  content = '',
  contentless_delete = 1,
  tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE VIEW IF NOT EXISTS search_rows AS SELECT
  id,
  content,
  trim(
    CASE WHEN content GLOB '*[a-z0-9][A-Z]*' THEN coalesce((
      -- Words by a JSON array of the text, a string a word; then a space before every capital. Acronyms that code is
      -- full of become words first, or parseURL would end in three letters. A recursion over the characters would
      -- split all acronyms and cost three times as much as the rest of the insert.
      WITH list (text) AS MATERIALIZED (
        SELECT '[' || replace(json_quote(replace(replace(replace(replace(replace(CAST(content AS TEXT),
          '"', ' '), '\', ' '), char(9), ' '), char(10), ' '), char(13), ' ')), ' ', '","') || ']'
      ), word (text) AS (
        SELECT DISTINCT value FROM list, json_each(iif(json_valid(text), text, '[]'))
        WHERE value GLOB '*[a-z0-9][A-Z]*' AND length(value) <= 100
        LIMIT 300
      ), step1 (text) AS MATERIALIZED (SELECT group_concat(text, ' ') FROM word
      ), step2 (text) AS MATERIALIZED (SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(text, 'HTTPS', 'Https'), 'HTTP', 'Http'), 'JSON', 'Json'), 'HTML', 'Html'), 'UUID', 'Uuid'), 'API', 'Api'), 'URL', 'Url'), 'URI', 'Uri'), 'XML', 'Xml'), 'SQL', 'Sql'), 'CSS', 'Css'), 'DOM', 'Dom'), 'JWT', 'Jwt') FROM step1
      ), step3 (text) AS MATERIALIZED (SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(text, 'CLI', 'Cli'), 'MCP', 'Mcp'), 'SDK', 'Sdk'), 'CSV', 'Csv'), 'PDF', 'Pdf'), 'TTL', 'Ttl'), 'FTS', 'Fts'), 'ID', 'Id'), 'UI', 'Ui'), 'IO', 'Io'), 'IP', 'Ip'), 'DB', 'Db'), 'OS', 'Os') FROM step2
      ), step4 (text) AS MATERIALIZED (SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(text, 'A', ' A'), 'B', ' B'), 'C', ' C'), 'D', ' D'), 'E', ' E'), 'F', ' F'), 'G', ' G'), 'H', ' H'), 'I', ' I'), 'J', ' J'), 'K', ' K'), 'L', ' L'), 'M', ' M') FROM step3
      )
      SELECT replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(text, 'N', ' N'), 'O', ' O'), 'P', ' P'), 'Q', ' Q'), 'R', ' R'), 'S', ' S'), 'T', ' T'), 'U', ' U'), 'V', ' V'), 'W', ' W'), 'X', ' X'), 'Y', ' Y'), 'Z', ' Z') FROM step4
    ), '') ELSE '' END
    || ' ' ||
    CASE WHEN octet_length(content) > length(content) AND content GLOB '*[ก-🫿]*' THEN coalesce((
      -- Pieces of 200 characters first: substr() counts from the start of its text every time.
      WITH RECURSIVE spot (i) AS MATERIALIZED (
        SELECT 1 UNION ALL SELECT i + 1 FROM spot WHERE i < 200
      ), piece (i, text) AS (
        SELECT 0, substr(content, 1, 201)
        UNION ALL
        SELECT i + 200, substr(content, i + 201, 201) FROM piece WHERE i + 200 < length(content)
      ), pair (text) AS (
        SELECT substr(piece.text, spot.i, 2) FROM piece CROSS JOIN spot
        WHERE octet_length(piece.text) > length(piece.text) AND piece.text GLOB '*[ก-🫿]*'
      )
      SELECT group_concat(iif(text GLOB '[☀-➿🀀-🫿]*', printf('u%xx', unicode(text)), text), ' ') FROM pair
      WHERE text GLOB '[ก-࿿က-ᇿក-៿⺀-﫿ｦ-ﾟ𠀀-𯿿][ก-࿿က-ᇿក-៿⺀-﫿ｦ-ﾟ𠀀-𯿿]' OR text GLOB '[☀-➿🀀-🫿]*'
    ), '') ELSE '' END
  ) AS parts,
  'w' || lower(hex(workspace_id)) || 'x i' || lower(hex(session_id)) || 'x t' || lower(hex(type)) || 'x'
    || iif(author IS NULL, '', ' a' || lower(hex(lower(author))) || 'x')
    || iif(source IS NULL, '', ' s' || lower(hex(lower(source))) || 'x')
    || coalesce(' d' || strftime('%Y%m%d', timestamp_ms / 1000, 'unixepoch') || 'x', '') AS scope
FROM messages;

CREATE TRIGGER IF NOT EXISTS messages_ai AFTER INSERT ON messages BEGIN
  INSERT INTO messages_fts (rowid, content, parts, scope)
    SELECT id, content, parts, scope FROM search_rows WHERE id = NEW.id;
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

CREATE TRIGGER IF NOT EXISTS messages_ad AFTER DELETE ON messages BEGIN
  DELETE FROM messages_fts WHERE rowid = OLD.id;
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

CREATE TRIGGER IF NOT EXISTS messages_au AFTER UPDATE OF content, workspace_id, session_id, type, author, source, timestamp ON messages
WHEN OLD.content IS NOT NEW.content OR OLD.workspace_id IS NOT NEW.workspace_id
  OR OLD.session_id IS NOT NEW.session_id OR OLD.type IS NOT NEW.type OR OLD.author IS NOT NEW.author
  OR OLD.source IS NOT NEW.source OR OLD.timestamp IS NOT NEW.timestamp
BEGIN
  DELETE FROM messages_fts WHERE rowid = OLD.id;
  INSERT INTO messages_fts (rowid, content, parts, scope)
    SELECT id, content, parts, scope FROM search_rows WHERE id = NEW.id;
END;

INSERT INTO bmfote_migrations (version, name, applied_at)
SELECT column1, column2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM (VALUES
  (1, 'messages'),
  (2, 'search'),
  (3, 'branch')
) WHERE NOT EXISTS (SELECT 1 FROM bmfote_migrations)
  AND EXISTS (SELECT 1 FROM pragma_table_info('messages') WHERE name = 'recorded_at');

