import {isDeepStrictEqual} from 'node:util'
import {type JsonSource, readJsonObject, requireKind} from './json-object.ts'
import {type JsonPath, removeAt, setAt, valueAt} from './json-text.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/** Edits the JSON of a file; what stands before it (a byte order mark) stays. No file is an empty object. */
export function editJson(
  text: string | undefined,
  source: JsonSource,
  {keys, edit}: {keys: readonly string[]; edit: (json: string) => string},
): string {
  const mark = text?.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const json = readJsonObject(text ?? '', source, keys)
  const edited = edit(json)
  return edited === json ? (text ?? '') : mark + edited
}

/** The value at `path` is to be this one, in an object that is made when it is not there. */
export function putValue(
  json: string,
  source: JsonSource,
  {path, value}: {path: JsonPath; value: unknown},
): string {
  for (let depth = 1; depth < path.length; depth++) {
    requireKind(json, source, {path: path.slice(0, depth), kind: 'object'})
  }
  return isDeepStrictEqual(plain(valueAt(json, path)), plain(value)) ? json : setAt(json, path, value)
}

/** Takes out what is at `path`, and around it what is empty without it and was not there before us. */
export function takeOut(json: string, path: JsonPath, original: string): string {
  return pruneEmpty(removeAt(json, path), path.slice(0, -1), original)
}

/** Lists and objects that are empty now, from the innermost outwards, unless `original` has them too. */
export function pruneEmpty(json: string, path: JsonPath, original: string): string {
  if (path.length === 0) return json
  const value = valueAt(json, path)
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  if (!isEmpty || valueAt(original, path) !== undefined) return json
  return pruneEmpty(removeAt(json, path), path.slice(0, -1), original)
}

/** With the usual prototypes, which the parser leaves out. */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
