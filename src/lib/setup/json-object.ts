import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  stripComments,
} from 'jsonc-parser'
import {BmfoteError} from '../model/errors.ts'

/** What the tool that owns a file takes for JSON: plain, plain with comments in it, or trailing commas too. */
export type JsonDialect = 'json' | 'json-with-comments' | 'jsonc'

export interface JsonSource {
  path: string
  dialect: JsonDialect
}

/**
 * Makes sure that a text is one JSON object which can be edited at the given properties, or throws a sentence that says
 * where it is not. A file without anything in it is an empty object.
 */
export function readJsonObject(text: string, source: JsonSource, edited: readonly string[]): string {
  const body = withoutByteOrderMark(text)
  if (stripComments(body).trim() === '') return `${body}{}\n`
  const errors: ParseError[] = []
  const root = parseTree(body, errors, {
    disallowComments: source.dialect === 'json',
    allowTrailingComma: source.dialect === 'jsonc',
  })
  const [first] = errors
  if (first !== undefined) throw invalid(body, source, {offset: first.offset, problem: describeError(first)})
  if (root === undefined || root.type !== 'object') {
    throw invalid(body, source, {offset: root?.offset ?? 0, problem: 'an object in braces is expected'})
  }
  for (const key of edited) refuseTwice(body, source, root, key)
  return body
}

/** The line of the first comment, counted from 1; undefined when there is none. */
export function firstCommentLine(text: string): number | undefined {
  const errors: ParseError[] = []
  parseTree(text, errors, {disallowComments: true, allowTrailingComma: true})
  const comment = errors.find(({error}) => printParseErrorCode(error) === 'InvalidCommentToken')
  return comment === undefined ? undefined : placeOf(text, comment.offset).line
}

/** What stands there must be of this kind, if anything does. */
export function requireKind(
  text: string,
  source: JsonSource,
  {path, kind}: {path: readonly (string | number)[]; kind: 'object' | 'array'},
): void {
  const root = parseTree(text, [], {allowTrailingComma: true})
  const node = root && findNodeAtLocation(root, [...path])
  if (node === undefined || node.type === kind) return
  const wanted = kind === 'object' ? 'an object' : 'a list'
  throw invalid(text, source, {offset: node.offset, problem: `${path.join('.')} is expected to be ${wanted}`})
}

export function splitByteOrderMark(text: string): {mark: string; body: string} {
  const body = withoutByteOrderMark(text)
  return {mark: text.slice(0, text.length - body.length), body}
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Of a key that is there twice the last one counts, and an edit of the first would do nothing. */
function refuseTwice(text: string, source: JsonSource, object: Node, key: string): void {
  const properties = (object.children ?? []).filter((property) => property.children?.[0]?.value === key)
  const second = properties[1]
  if (second !== undefined) {
    throw invalid(text, source, {offset: second.offset, problem: `"${key}" is there twice`})
  }
}

function invalid(
  text: string,
  {path}: JsonSource,
  {offset, problem}: {offset: number; problem: string},
): BmfoteError {
  const {line, column} = placeOf(text, offset)
  return new BmfoteError('conflict', `${path} can't be edited: line ${line}, column ${column}: ${problem}.`, {
    next: 'Nothing was changed. Mend the file, then say it again.',
  })
}

function placeOf(text: string, offset: number): {line: number; column: number} {
  const before = text.slice(0, offset).split('\n')
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1}
}

const PROBLEMS: Record<string, string> = {
  InvalidSymbol: 'this word is not JSON',
  InvalidNumberFormat: 'this number is not JSON',
  PropertyNameExpected: 'the name of a property in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace is expected',
  CloseBracketExpected: 'a closing bracket is expected',
  EndOfFileExpected: 'there is something behind the end',
  InvalidCommentToken: 'comments are not allowed in this file',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a string does not end',
  UnexpectedEndOfNumber: 'a number does not end',
  InvalidUnicode: 'a \\u escape is not whole',
  InvalidEscapeCharacter: 'there is no such escape',
  InvalidCharacter: 'a control character stands in a string',
}

function describeError({error}: ParseError): string {
  return PROBLEMS[printParseErrorCode(error)] ?? 'this is not JSON'
}
