/** What several schemas of the protocol are made of. */

export const nullableString = {type: ['string', 'null']} as const
export const nullableInteger = {type: ['integer', 'null']} as const
export const id = {type: 'string', minLength: 1, maxLength: 256} as const
export const label = {type: ['string', 'null'], maxLength: 512} as const
export const date = {type: ['string', 'null'], description: 'ISO 8601 date-time'} as const
export const workspaceId = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  description: 'The workspace; bmfote-default when omitted',
} as const

/** Where to say it in a query string: numbers arrive as text there, and are read as integers and clamped. */
export function integerInRange(range: {default: number; min: number; max: number}) {
  return {
    type: 'integer',
    description: `${range.min} to ${range.max}, default ${range.default}; out of range is clamped`,
  } as const
}
