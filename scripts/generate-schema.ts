import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openDatabaseFile} from '../src/lib/storage/file-database.ts'
import {migrate} from '../src/lib/storage/migrate.ts'

/** schema/current.sql: what all migrations together make of an empty file, to read; nothing runs it. */
export async function generateSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bmfote-schema-'))
  try {
    const database = await openDatabaseFile(join(folder, 'empty.db'))
    await migrate(database, {now: () => new Date()})
    const rows = await database.query(
      "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    await database.close()
    const objects = rows.map((row) => ({name: String(row.name), sql: String(row.sql)}))
    const statements = objects.filter(({name}) => !isShadowTable(name, objects)).map(({sql}) => `${sql};`)
    return ['-- Written by `npm run generate` from schema/migrations. Do not edit.', ...statements, ''].join(
      '\n\n',
    )
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** FTS5 keeps `x` in tables of its own, named `x_data`, `x_idx` and so on. */
function isShadowTable(name: string, objects: readonly {name: string; sql: string}[]): boolean {
  const indexes = objects.filter(({sql}) => /^CREATE VIRTUAL TABLE/i.test(sql))
  return indexes.some((index) => new RegExp(`^${index.name}_(data|idx|content|docsize|config)$`).test(name))
}
