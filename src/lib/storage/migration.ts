/** A step of the schema. A migration that has landed never changes: databases out there have run it. */
export interface Migration {
  version: number
  name: string
  sql: string
}
