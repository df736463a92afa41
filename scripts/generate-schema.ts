import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openDatabaseFile} from '../src/lib/storage/file-database.ts'
import {migrate} from '../src/lib/storage/migrate.ts'

/**
 * schema/current.sql: what all migrations together make of an empty database, to read, or to make one by hand. Run
 * twice, it changes nothing.
 */
export async function generateSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bmfote-schema-'))
  try {
    const database = await openDatabaseFile(join(folder, 'empty.db'))
    await migrate(database, {now: () => new Date()})
    const rows = await database.query(
      "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    const migrations = await database.query('SELECT version, name FROM bmfote_migrations ORDER BY version')
    await database.close()
    const objects = rows.map((row) => ({name: String(row.name), sql: String(row.sql)}))
    const statements = objects
      .filter(({name}) => !isShadowTable(name, objects))
      .map(({sql}) => `${ifNotExists(sql)};`)
    return [
      HEADER,
      ...statements,
      recordSql(migrations.map(({version, name}) => ({version, name}))),
      '',
    ].join('\n\n')
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const HEADER = `-- Written by \`npm run generate\` from schema/migrations. Do not edit.
-- For an empty database, as \`turso db shell NAME < schema/current.sql\`; the server does the same by itself, and brings
-- an older database up to date, which this file does not.`

function ifNotExists(sql: string): string {
  return sql.replace(
    /^CREATE (VIRTUAL TABLE|UNIQUE INDEX|TABLE|INDEX|VIEW|TRIGGER) /i,
    'CREATE $1 IF NOT EXISTS ',
  )
}

/**
 * Only where nothing is recorded, and the tables are ours: an older database has steps to go that this file does not make,
 * and one of 0.11.7 has tables of the same names.
 */
function recordSql(migrations: readonly {version: unknown; name: unknown}[]): string {
  const rows = migrations.map(({version, name}) => `  (${version}, '${name}')`)
  return `INSERT INTO bmfote_migrations (version, name, applied_at)
SELECT column1, column2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM (VALUES
${rows.join(',\n')}
) WHERE NOT EXISTS (SELECT 1 FROM bmfote_migrations)
  AND EXISTS (SELECT 1 FROM pragma_table_info('messages') WHERE name = 'recorded_at');`
}

/** FTS5 keeps `x` in tables of its own, named `x_data`, `x_idx` and so on. */
function isShadowTable(name: string, objects: readonly {name: string; sql: string}[]): boolean {
  const indexes = objects.filter(({sql}) => /^CREATE VIRTUAL TABLE/i.test(sql))
  return indexes.some((index) => new RegExp(`^${index.name}_(data|idx|content|docsize|config)$`).test(name))
}
