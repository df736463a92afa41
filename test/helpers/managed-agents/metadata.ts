import {invalid} from './api-error.ts'

const PAIRS_MAX = 16
const KEY_CHARS_MAX = 64
const VALUE_CHARS_MAX = 512

export type Metadata = Record<string, string>

export function newMetadata(given: Metadata | undefined): Metadata {
  return mergeMetadata({}, given)
}

/** Key by key: a string sets, null takes away, what is not named stays. */
export function mergeMetadata(
  before: Metadata,
  patch: Record<string, string | null> | null | undefined,
  {emptyDeletes = false}: {emptyDeletes?: boolean} = {},
): Metadata {
  const merged = {...before}
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null || (emptyDeletes && value === '')) delete merged[key]
    else merged[key] = value
  }
  if (Object.keys(merged).length > PAIRS_MAX)
    throw invalid(`metadata: at most ${PAIRS_MAX} pairs`, 'invalid_metadata')
  for (const [key, value] of Object.entries(merged)) {
    if (key.length > KEY_CHARS_MAX)
      throw invalid(`metadata: keys have at most ${KEY_CHARS_MAX} characters`, 'invalid_metadata')
    if (value.length > VALUE_CHARS_MAX)
      throw invalid(`metadata.${key}: at most ${VALUE_CHARS_MAX} characters`, 'invalid_metadata')
  }
  return merged
}
