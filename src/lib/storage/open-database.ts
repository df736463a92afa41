import type {DatabaseLocation} from '../config/database-location.ts'
import type {Database} from './database.ts'

/**
 * A file or a remote database; of a replica the copy, for reading. Only what is needed is imported: the HTTP client and
 * the native one are milliseconds of start-up time each.
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  switch (location.mode) {
    case 'file': {
      const {openDatabaseFile} = await import('./file-database.ts')
      return openDatabaseFile(location.path)
    }
    case 'remote': {
      const {openRemoteDatabase} = await import('./remote-database.ts')
      return openRemoteDatabase(location)
    }
    case 'replica': {
      const {openReplicaCopy} = await import('./replica-copy.ts')
      return openReplicaCopy(location)
    }
  }
}
