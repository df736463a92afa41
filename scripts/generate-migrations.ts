import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/**
 * The migrations as a module, so that every runtime that loads the storage (bun, Node, worker threads, the compiled
 * binary) reads them in the same way.
 */
export function generateMigrations(root: string): {path: string; text: string} {
  const folder = join(root, 'schema', 'migrations')
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => describeMigration(file, readFileSync(join(folder, file), 'utf8')))
  const text = [
    '// Generated from schema/migrations by `npm run generate`.',
    "import type {Migration} from './migration.ts'",
    '',
    `export const MIGRATIONS: readonly Migration[] = ${JSON.stringify(migrations, null, 2)}`,
    '',
  ].join('\n')
  return {path: join(root, 'src', 'lib', 'storage', 'migrations.generated.ts'), text}
}

function describeMigration(file: string, sql: string) {
  const match = /^(\d{4})_([a-z0-9_-]+)\.sql$/.exec(file)
  if (!match) throw new Error(`schema/migrations/${file}: name it NNNN_what_it_does.sql`)
  return {version: Number(match[1]), name: match[2], sql}
}
