import {createScanner, findNodeAtLocation, getNodeValue, type Node, parseTree} from 'jsonc-parser'

export type JsonPath = readonly (string | number)[]

/**
 * Edits of JSON as text, comments allowed: what is not edited stays as it was, byte for byte, and `removeAt` takes out
 * exactly what `setAt` and `appendAt` put in. The text must hold an object and must have been read by `readJsonObject`.
 */
export function setAt(text: string, path: JsonPath, value: unknown): string {
  const {node, missing} = walk(text, path)
  const [key, ...below] = missing
  if (key === undefined) return splice(text, node.offset, node.length, renderInPlace(text, node, value))
  return insertChild(text, node, {key: String(key), value: wrap(below, value)})
}

/** At the end of the list at `path`, which is made when it is not there. */
export function appendAt(text: string, path: JsonPath, value: unknown): string {
  const {node, missing} = walk(text, path)
  if (missing.length > 0) return setAt(text, path, [value])
  return insertChild(text, node, {value})
}

/** A list element or a property with its key. */
export function removeAt(text: string, path: JsonPath): string {
  const root = parseRoot(text)
  const value = findNodeAtLocation(root, [...path])
  const item = value?.parent?.type === 'property' ? value.parent : value
  const container = item?.parent
  if (item === undefined || container === undefined) return text
  const siblings = container.children ?? []
  const index = siblings.indexOf(item)
  const next = siblings[index + 1]
  const previous = siblings[index - 1]
  if (next !== undefined) return removeBefore(text, {item, next, isFirst: previous === undefined})
  if (previous !== undefined) return removeLast(text, {item, previous})
  return removeOnly(text, {item, container})
}

export function valueAt(text: string, path: JsonPath): unknown {
  const node = findNodeAtLocation(parseRoot(text), [...path])
  return node === undefined ? undefined : getNodeValue(node)
}

function parseRoot(text: string): Node {
  const root = parseTree(text, [], {allowTrailingComma: true})
  if (root === undefined) throw new Error('there is no JSON value to edit')
  return root
}

/** The deepest node on the way to `path`, and what of the path is not there. */
function walk(text: string, path: JsonPath): {node: Node; missing: JsonPath} {
  const root = parseRoot(text)
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth))
    if (node !== undefined) return {node, missing: path.slice(depth)}
  }
  return {node: root, missing: path}
}

function wrap(keys: JsonPath, value: unknown): unknown {
  return keys.reduceRight<unknown>((inner, key) => ({[key]: inner}), value)
}

interface Child {
  /** Of a property; undefined for a list element. */
  key?: string
  value: unknown
}

function insertChild(text: string, container: Node, child: Child): string {
  const last = container.children?.at(-1)
  return last === undefined ? insertOnly(text, container, child) : insertLast(text, {container, last, child})
}

function insertOnly(text: string, container: Node, child: Child): string {
  const style = detectStyle(text)
  const open = container.offset + 1
  const close = container.offset + container.length - 1
  const comments = text.slice(open, close).trimEnd()
  if (style.isOneLine) return splice(text, open, close - open, comments + renderInline(child, style))
  const outer = indentOfLine(text, container.offset)
  const block = style.eol + renderBlock(child, outer + style.unit, style)
  const rest = text.slice(open + comments.length, close)
  const end = comments !== '' && rest.includes('\n') ? rest : style.eol + outer
  return splice(text, open, close - open, comments + block + end)
}

function insertLast(text: string, place: {container: Node; last: Node; child: Child}): string {
  const {container, last, child} = place
  const style = detectStyle(text)
  const lastEnd = last.offset + last.length
  const close = container.offset + container.length - 1
  const trailingComma = findComma(text, lastEnd, close)
  const comma = trailingComma === undefined ? ',' : ''
  if (!text.slice(container.offset, close).includes('\n')) {
    const at = trailingComma === undefined ? lastEnd : trailingComma + 1
    return splice(text, at, 0, comma + style.space + renderInline(child, style))
  }
  const contentEnd = close - spaceBefore(text, close).length
  const block = style.eol + renderBlock(child, childIndent(text, container, style), style)
  return splice(splice(text, contentEnd, 0, block), lastEnd, 0, comma)
}

/** With those that follow: the item goes, and the comma behind it. */
function removeBefore(
  text: string,
  {item, next, isFirst}: {item: Node; next: Node; isFirst: boolean},
): string {
  const end = item.offset + item.length
  const comma = findComma(text, end, next.offset) ?? end - 1
  const lead = spaceBefore(text, item.offset)
  const isOnLineOfBracket = isFirst && !lead.includes('\n')
  if (isOnLineOfBracket && text.slice(comma + 1, next.offset).trim() === '') {
    return splice(text, item.offset, next.offset - item.offset, '')
  }
  const between = text.slice(end, comma)
  return splice(text, item.offset - lead.length, comma + 1 - item.offset + lead.length, between)
}

/** At the end of several: the item goes, and the comma before it. */
function removeLast(text: string, {item, previous}: {item: Node; previous: Node}): string {
  const lead = spaceBefore(text, item.offset)
  const without = splice(text, item.offset - lead.length, item.length + lead.length, '')
  const comma = findComma(text, previous.offset + previous.length, item.offset)
  return comma === undefined ? without : splice(without, comma, 1, '')
}

function removeOnly(text: string, {item, container}: {item: Node; container: Node}): string {
  const close = container.offset + container.length - 1
  const comma = findComma(text, item.offset + item.length, close)
  const withoutComma = comma === undefined ? text : splice(text, comma, 1, '')
  const lead = spaceBefore(text, item.offset)
  const without = splice(withoutComma, item.offset - lead.length, item.length + lead.length, '')
  const open = container.offset + 1
  const newClose = close - (text.length - without.length)
  const hasComment = without.slice(open, newClose).trim() !== ''
  return hasComment ? without : splice(without, open, newClose - open, '')
}

function splice(text: string, offset: number, length: number, inserted: string): string {
  return text.slice(0, offset) + inserted + text.slice(offset + length)
}

interface Style {
  /** One step of indentation. */
  unit: string
  eol: string
  /** Between a comma or a colon and what follows: a space, or nothing in a minified text. */
  space: string
  isOneLine: boolean
}

function detectStyle(text: string): Style {
  const root = parseRoot(text)
  const first = root.children?.[0]
  const lead = first === undefined ? '' : spaceBefore(text, first.offset)
  const isOneLine = first !== undefined && !text.slice(root.offset, root.offset + root.length).includes('\n')
  const isMinified =
    isOneLine && first.colonOffset !== undefined && !/\s/.test(text[first.colonOffset + 1] ?? '')
  return {
    unit: (lead.includes('\n') && lead.slice(lead.lastIndexOf('\n') + 1)) || '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    space: isMinified ? '' : ' ',
    isOneLine,
  }
}

function renderInPlace(text: string, node: Node, value: unknown): string {
  const style = detectStyle(text)
  const isInline = style.isOneLine || typeof value !== 'object'
  if (isInline) return renderInline({value}, style)
  return renderBlock({value}, indentOfLine(text, node.offset), style).trimStart()
}

/** On lines of its own, without the line end before it. */
function renderBlock({key, value}: Child, indent: string, {unit, eol}: Style): string {
  const label = key === undefined ? '' : `${JSON.stringify(key)}: `
  const lines = JSON.stringify(value, null, unit).split('\n')
  return indent + label + lines.join(eol + indent)
}

function renderInline({key, value}: Child, {space}: Style): string {
  const label = key === undefined ? '' : `${JSON.stringify(key)}:${space}`
  return label + inlineJson(value, space)
}

function inlineJson(value: unknown, space: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => inlineJson(item, space)).join(`,${space}`)}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const properties = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}:${space}${inlineJson(inner, space)}`,
  )
  return `{${properties.join(`,${space}`)}}`
}

/** Where the children of a container with children stand: the first one says it, where it starts a line. */
function childIndent(text: string, container: Node, style: Style): string {
  const first = container.children?.[0]
  const lead = first === undefined ? '' : spaceBefore(text, first.offset)
  if (lead.includes('\n')) return lead.slice(lead.lastIndexOf('\n') + 1)
  return indentOfLine(text, container.offset) + style.unit
}

function indentOfLine(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function spaceBefore(text: string, offset: number): string {
  const before = text.slice(0, offset)
  return before.slice(before.trimEnd().length)
}

/** The comma between two values, where nothing but space and comments stands; a comma in a comment is none. */
function findComma(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text)
  scanner.setPosition(from)
  while (scanner.getPosition() < to) {
    scanner.scan()
    const offset = scanner.getTokenOffset()
    if (text[offset] === ',') return offset
  }
  return undefined
}
