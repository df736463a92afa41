import {type DatabaseLocation, type DatabaseMode, placeOf, primaryOf} from '../config/database-location.ts'
import {checkFile, checkIntegrity, type IntegrityReport} from '../storage/check-integrity.ts'
import {openAsItIs} from '../storage/copy-database.ts'
import type {Database} from '../storage/database.ts'
import {readKnownSchema} from '../storage/migrate.ts'
import {openDatabase} from '../storage/open-database.ts'
import {repairIntegrity} from '../storage/repair-integrity.ts'

export interface DatabaseCheck {
  mode: DatabaseMode
  /** The file's path, or the address without its token. */
  place: string
  /** What is wrong, each a sentence; nothing where nothing is. */
  problems: string[]
  /** What was wrong and is mended. */
  repaired: string[]
  /** Undefined for a database of an older version, which the next start brings up to date. */
  counts?: IntegrityReport['counts']
  /** Of what is there. */
  schemaVersion: number
  isOutdated: boolean
}

/**
 * The file, the index against the messages, and the sessions. Of a replica its primary is looked at: what is wrong
 * there is what would come back.
 * @throws not_found, database_foreign, database_too_new, unavailable
 */
export async function checkDatabase(
  location: DatabaseLocation,
  options: {repair?: boolean} = {},
): Promise<DatabaseCheck> {
  const database = await openExisting(primaryOf(location))
  try {
    return {mode: location.mode, place: placeOf(location), ...(await examine(database, options))}
  } finally {
    await database.close()
  }
}

/** What is wrong with a database file, each a sentence; nothing where nothing is. The file must be there. */
export async function checkDatabaseFile(path: string): Promise<string[]> {
  return (await checkDatabase({mode: 'file', path})).problems
}

/** Not made when it is not there, and a backup is left without the files of WAL beside it. */
function openExisting(location: DatabaseLocation): Promise<Database> {
  return location.mode === 'file' ? openAsItIs(location.path) : openDatabase(location)
}

/** Works on any open database of ours. */
export async function examine(
  database: Database,
  options: {repair?: boolean} = {},
): Promise<Omit<DatabaseCheck, 'mode' | 'place'>> {
  const file = await checkFile(database)
  // What a damaged file says of its schema may be anything.
  if (file !== 'ok') return {problems: [damage(file)], repaired: [], schemaVersion: 0, isOutdated: false}
  const {version, isCurrent} = await readKnownSchema(database)
  const schema = {schemaVersion: version, isOutdated: !isCurrent}
  if (!isCurrent) return {problems: [], repaired: [], ...schema}
  const report = await checkIntegrity(database)
  const problems = describeReport(report)
  if (!options.repair || problems.length === 0) {
    return {problems, repaired: [], counts: report.counts, ...schema}
  }
  await repairIntegrity(database, report)
  const after = await checkIntegrity(database)
  const left = describeReport(after)
  return {
    problems: left,
    repaired: problems.filter((problem) => !left.includes(problem)),
    counts: after.counts,
    ...schema,
  }
}

function damage(file: string): string {
  return `The file is damaged: ${file}`
}

function describeReport(report: IntegrityReport): string[] {
  const {file, index, missingFromIndex, orphansInIndex, wrongSessionCounts, messagesWithoutSession} = report
  return [
    file === 'ok' ? '' : damage(file),
    index === 'ok' ? '' : `The search index is damaged: ${index}`,
    missingFromIndex === 0
      ? ''
      : `${missingFromIndex} messages are not in the search index, and are never found.`,
    orphansInIndex === 0 ? '' : `${orphansInIndex} entries of the search index lead nowhere.`,
    wrongSessionCounts === 0 ? '' : `${wrongSessionCounts} sessions have a wrong count.`,
    messagesWithoutSession === 0
      ? ''
      : `${messagesWithoutSession} messages belong to sessions that are not there.`,
  ].filter((sentence) => sentence !== '')
}
