import type {Database} from '../../storage/database.ts'
import {FrequencyCache} from './frequency-cache.ts'
import {TextForms} from './text-forms.ts'

/** What searches of one database have in common, and keep from one to the next. */
export class SearchEngine {
  readonly database: Database
  readonly frequencies: FrequencyCache
  readonly forms = new TextForms()

  constructor(database: Database) {
    this.database = database
    this.frequencies = new FrequencyCache(database)
  }
}
