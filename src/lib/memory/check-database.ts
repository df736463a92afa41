import {checkIntegrity, type IntegrityReport} from '../storage/check-integrity.ts'
import {openDatabaseFile} from '../storage/file-database.ts'

/** What is wrong with a database file, each a sentence; nothing where nothing is. The file must be there. */
export async function checkDatabaseFile(path: string): Promise<string[]> {
  const database = await openDatabaseFile(path)
  try {
    return describeReport(await checkIntegrity(database))
  } finally {
    await database.close()
  }
}

function describeReport(report: IntegrityReport): string[] {
  const {file, index, missingFromIndex, orphansInIndex, wrongSessionCounts} = report
  return [
    file === 'ok' ? '' : `The file is damaged: ${file}`,
    index === 'ok' ? '' : `The search index is damaged: ${index}`,
    missingFromIndex === 0
      ? ''
      : `${missingFromIndex} messages are not in the search index, and are never found.`,
    orphansInIndex === 0 ? '' : `${orphansInIndex} entries of the search index lead nowhere.`,
    wrongSessionCounts === 0 ? '' : `${wrongSessionCounts} sessions have a wrong count.`,
  ].filter((sentence) => sentence !== '')
}
