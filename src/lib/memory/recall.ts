import type {Database} from '../storage/database.ts'
import type {RecallQuery, RecallResult} from './memory.ts'

export async function recall(
  _database: Database,
  _query: RecallQuery & {workspaceId: string},
  _now: Date,
): Promise<RecallResult> {
  return {text: '', uuids: []}
}
