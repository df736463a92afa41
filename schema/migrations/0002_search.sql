-- One index for prose and code. It keeps no text of its own (contentless), and a row of it is deleted by its id alone.
--   content  the message, stemmed; what was written exactly is told apart by the ranking, which reads the text
--   parts    words inside camelCase, pairs of neighbouring CJK characters, emoji as their code points
--   scope    workspace, session, type, author, source and UTC day as tokens, so that the index itself keeps the
--            workspaces apart. Each ends in x: a stemmer leaves such tokens alone, whatever the hex before it.
DROP TRIGGER messages_ai;
DROP TRIGGER messages_ad;
DROP TRIGGER messages_au;
DROP TABLE messages_fts;

CREATE VIRTUAL TABLE messages_fts USING fts5 (
  content,
  parts,
  scope,
  content = '',
  contentless_delete = 1,
  tokenize = 'porter unicode61 remove_diacritics 2'
);

-- What a message gives to the index, said once: the triggers and the back-fill read it here.
CREATE VIEW search_rows AS SELECT
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

INSERT INTO messages_fts (rowid, content, parts, scope) SELECT id, content, parts, scope FROM search_rows;

-- What 0001 says of sessions, with the new index.
CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN
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

CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN
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

CREATE TRIGGER messages_au AFTER UPDATE OF content, workspace_id, session_id, type, author, source, timestamp ON messages
WHEN OLD.content IS NOT NEW.content OR OLD.workspace_id IS NOT NEW.workspace_id
  OR OLD.session_id IS NOT NEW.session_id OR OLD.type IS NOT NEW.type OR OLD.author IS NOT NEW.author
  OR OLD.source IS NOT NEW.source OR OLD.timestamp IS NOT NEW.timestamp
BEGIN
  DELETE FROM messages_fts WHERE rowid = OLD.id;
  INSERT INTO messages_fts (rowid, content, parts, scope)
    SELECT id, content, parts, scope FROM search_rows WHERE id = NEW.id;
END;
