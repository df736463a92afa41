import {closeSync, copyFileSync, openSync} from 'node:fs'
import type {Transaction} from '@libsql/client'
import {BmfoteError} from '../model/errors.ts'
import {ADOPTION_TABLE, beginAdoption} from './adopt-in-chunks.ts'
import {copyLegacyRows, isLegacySchema, setLegacyTablesAside} from './adopt-legacy.ts'
import type {Database} from './database.ts'
import type {Migration} from './migration.ts'
import {MIGRATIONS} from './migrations.generated.ts'

const MIGRATIONS_TABLE = 'bmfote_migrations'

/** How long a start waits for another process that is migrating the same file. */
const MIGRATION_WAIT_MS = 10 * 60_000

export interface MigrateOptions {
  now: () => Date
  migrations?: readonly Migration[]
}

export interface MigrateReport {
  from: number
  to: number
  /** The rows of release 0.11.7 were taken over. */
  adoptedLegacy: boolean
  /** The copy that was kept before the first change to a database that held something. */
  backupPath?: string
  /** Rows of release 0.11.7 wait to be taken over: see LegacyAdoption. */
  isAdopting?: boolean
}

/**
 * Brings the schema to this binary's version, one transaction a migration, so that a kill in the middle leaves the
 * version before. Safe when several processes start at once. A second run changes nothing.
 * @throws database_too_new, database_foreign
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<MigrateReport> {
  const migrations = options.migrations ?? MIGRATIONS
  const target = migrations.at(-1)?.version ?? 0
  const state = await readState(database)
  refuseNewer(database.place, state.version, target)
  const report: MigrateReport = {from: state.version, to: target, adoptedLegacy: false}
  if (state.isAdopting) report.isAdopting = true
  if (state.version === target) return report
  // Remote, no copy can be made from here: docs/upgrade.md says how to make one before.
  if (state.kind !== 'empty' && database.mode === 'file')
    report.backupPath = await keepCopy(database, state.version, options.now())
  for (const migration of migrations) {
    report.adoptedLegacy = (await applyOne(database, migration, options)) || report.adoptedLegacy
  }
  if (report.adoptedLegacy && database.mode === 'remote') report.isAdopting = true
  return report
}

/**
 * For a copy that somebody else brings up to date.
 * @throws database_too_new, or unavailable where it is too old
 */
export async function checkVersion(database: Database, migrations = MIGRATIONS): Promise<void> {
  const target = migrations.at(-1)?.version ?? 0
  const {version} = await readState(database)
  refuseNewer(database.place, version, target)
  if (version === target) return
  throw new BmfoteError('unavailable', `The copy at ${database.place} is of an older version.`, {
    next: 'It is brought up to date when its database answers.',
    retryAfterSeconds: 5,
  })
}

export interface SchemaState {
  kind: 'empty' | 'legacy' | 'ours'
  version: number
  isAdopting?: boolean
}

/**
 * What kind of database it is, and that this version can read it.
 * @throws database_too_new, database_foreign
 */
export async function readKnownSchema(database: Database): Promise<SchemaState & {isCurrent: boolean}> {
  const target = MIGRATIONS.at(-1)?.version ?? 0
  const state = await readState(database)
  refuseNewer(database.place, state.version, target)
  return {...state, isCurrent: state.version === target}
}

async function readState(database: Database): Promise<SchemaState> {
  const tables = await database.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%'",
  )
  const names = new Set(tables.map((row) => String(row.name)))
  const version = names.has(MIGRATIONS_TABLE) ? await readVersion(database) : 0
  if (version > 0) return {kind: 'ours', version, isAdopting: names.has(ADOPTION_TABLE)}
  names.delete(MIGRATIONS_TABLE)
  if (names.size === 0) return {kind: 'empty', version: 0}
  if (await isLegacySchema((sql) => database.query(sql))) return {kind: 'legacy', version: 0}
  throw new BmfoteError('database_foreign', `${database.place} is a database of another program.`, {
    next: 'Name another file with --database.',
  })
}

async function readVersion(database: Database): Promise<number> {
  const [row] = await database.query(`SELECT max(version) AS version FROM ${MIGRATIONS_TABLE}`)
  return Number(row?.version ?? 0)
}

function refuseNewer(path: string, version: number, target: number): void {
  if (version <= target) return
  throw new BmfoteError(
    'database_too_new',
    `${path} was written by a newer bmfote (schema ${version}; this one knows ${target}).`,
    {next: 'Update bmfote, or restore the copy that the update kept beside the database.'},
  )
}

/** Beside the database, named after the version it holds: whole, also while another process has it open. */
async function keepCopy(database: Database, version: number, now: Date): Promise<string> {
  const label = version === 0 ? 'before-adoption' : `schema-${version}`
  const copy = `${database.place}.${label}-${now.toISOString().replaceAll(/[:.]/g, '-')}.bak`
  // Made first, for it holds all that the database does and is nobody else's to read.
  closeSync(openSync(copy, 'wx', 0o600))
  try {
    await database.query('VACUUM INTO ?', [copy])
  } catch (error) {
    if (error instanceof BmfoteError && error.code === 'database_full') throw error
    // A damaged database can't be vacuumed, and is the one whose copy matters most.
    copyFileSync(database.place, copy)
  }
  return copy
}

/** True when it took over the rows of release 0.11.7. Does nothing when another process was faster. */
function applyOne(database: Database, migration: Migration, options: MigrateOptions): Promise<boolean> {
  const apply = async (transaction: Transaction) => {
    await transaction.execute(
      `CREATE TABLE IF NOT EXISTS ${MIGRATIONS_TABLE} (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)`,
    )
    const done = await transaction.execute({
      sql: `SELECT 1 FROM ${MIGRATIONS_TABLE} WHERE version >= ?`,
      args: [migration.version],
    })
    if (done.rows.length > 0) return false
    const legacy = migration.version === 1 && (await isLegacySchema((sql) => rowsOf(transaction, sql)))
    if (legacy) await setLegacyTablesAside(transaction)
    await transaction.executeMultiple(migration.sql)
    if (legacy) await (database.mode === 'file' ? copyLegacyRows : beginAdoption)(transaction)
    await transaction.execute({
      sql: `INSERT INTO ${MIGRATIONS_TABLE} (version, name, applied_at) VALUES (?, ?, ?)`,
      args: [migration.version, migration.name, options.now().toISOString()],
    })
    return legacy
  }
  return database.transaction(apply, {waitMs: MIGRATION_WAIT_MS})
}

async function rowsOf(transaction: Transaction, sql: string) {
  return (await transaction.execute(sql)).rows
}
