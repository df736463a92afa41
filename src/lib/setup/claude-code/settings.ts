import {isDeepStrictEqual} from 'node:util'
import type {Paths} from '../../config/environment.ts'
import type {Detail, FileEdit} from '../change.ts'
import {editJson, plain, pruneEmpty, takeOut} from '../json-file.ts'
import {type JsonSource, readJsonObject, requireKind} from '../json-object.ts'
import {appendAt, type JsonPath, removeAt, valueAt} from '../json-text.ts'
import {isNothingLeft, MCP_SERVER_NAME} from '../mcp-server.ts'
import {hookCommand, isOurScript, scriptOf} from './hook-commands.ts'
import {HOOK_EVENTS, type HookEvent} from './hook-events.ts'
import {PERMISSIONS} from './permissions.ts'

const KEYS = ['hooks', 'permissions']

/** Groups by event, whatever they turn out to be. */
type Hooks = Record<string, unknown[]>

interface Handler {
  type?: unknown
  command?: unknown
}

export interface SettingsOptions {
  path: string
  paths: Paths
  /** Whether a script is one of the oldest releases, whose names could be anybody's. */
  isOldest: (script: string) => boolean
}

/** Our hooks and permissions in Claude Code's settings; those of others, comments and order stay as they are. */
export function settingsEdit({path, paths, isOldest}: SettingsOptions): FileEdit {
  const source: JsonSource = {path, dialect: 'json-with-comments'}
  const isReplaced = (command: string) => {
    const script = scriptOf(command)
    return script !== undefined && (isOurScript(script) || isOldest(script))
  }
  return {
    path,
    purpose: 'the hooks that record each turn and recall at the start, and leave for the memory’s tools',
    install(text) {
      const details: Detail[] = []
      const edited = editJson(text, source, {
        keys: KEYS,
        edit: (json) => addPermissions(putHooks(json, source, {paths, isReplaced, details}), source, details),
      })
      return {text: edited, details}
    },
    uninstall(text, original) {
      const tolerant: JsonSource = {path, dialect: 'jsonc'}
      const before = readJsonObject(original ?? '', tolerant, [])
      const without = editJson(text, tolerant, {
        keys: KEYS,
        edit: (json) =>
          removePermissions(removeHandlers(json, {isRemoved: isReplaced, original: before}), before),
      })
      return isNothingLeft(without, original) ? undefined : without
    },
  }
}

interface PutOptions {
  paths: Paths
  isReplaced: (command: string) => boolean
  details: Detail[]
}

function putHooks(json: string, source: JsonSource, {paths, isReplaced, details}: PutOptions): string {
  requireKind(json, source, {path: ['hooks'], kind: 'object'})
  const before = hooksIn(json)
  for (const event of Object.keys(before)) requireKind(json, source, {path: ['hooks', event], kind: 'array'})
  const wanted = new Map(HOOK_EVENTS.map((event) => [event.name, groupOf(event, paths)]))
  const placeOf = (hooks: Hooks, event: string) =>
    (hooks[event] ?? []).findIndex((group) => isDeepStrictEqual(group, wanted.get(event)))

  const cleaned = removeHandlers(json, {
    isRemoved: isReplaced,
    isKept: (event, index) => index === placeOf(before, event),
    original: json,
  })
  const after = hooksIn(cleaned)
  const missing = [...wanted].filter(([event]) => placeOf(after, event) === -1)
  let edited = cleaned
  for (const [event, group] of missing) edited = appendAt(edited, ['hooks', event], group)

  const kept = commandsIn(after)
  const lost = commandsIn(before).filter((command) => !kept.includes(command))
  for (const command of new Set(lost)) details.push({sign: '-', text: `hook ${command}`})
  if (missing.length > 0) {
    details.push({sign: '+', text: `hooks for ${missing.map(([event]) => event).join(', ')}`})
  }
  return edited
}

function groupOf(event: HookEvent, paths: Paths) {
  const handler = {type: 'command', command: hookCommand(event, paths), timeout: event.timeoutSeconds}
  return {...(event.matcher === undefined ? {} : {matcher: event.matcher}), hooks: [handler]}
}

interface Removal {
  isRemoved: (command: string) => boolean
  isKept?: (event: string, index: number) => boolean
  original: string
}

/** Handlers go, then groups and lists that are empty without them, unless `original` has those too. */
function removeHandlers(json: string, {isRemoved, isKept, original}: Removal): string {
  let edited = json
  for (const [event, groups] of Object.entries(hooksIn(json))) {
    const before = edited
    // From the last one to the first, so that the places of the others stay as they are.
    for (const [index, group] of [...groups.entries()].reverse()) {
      if (!isKept?.(event, index))
        edited = removeFromGroup(edited, {path: ['hooks', event, index], group, isRemoved})
    }
    if (edited !== before) edited = pruneEmpty(edited, ['hooks', event], original)
  }
  return edited
}

function removeFromGroup(
  json: string,
  {path, group, isRemoved}: {path: JsonPath; group: unknown; isRemoved: (command: string) => boolean},
): string {
  const removed = [...handlersOf(group).entries()].filter(([, handler]) => isRemoved(commandOf(handler)))
  if (removed.length === 0) return json
  if (removed.length === handlersOf(group).length) return removeAt(json, path)
  let edited = json
  for (const [index] of removed.reverse()) edited = removeAt(edited, [...path, 'hooks', index])
  return edited
}

/** What our tools may do without asking each time; leave that is given already is not given twice. */
function addPermissions(json: string, source: JsonSource, details: Detail[]): string {
  requireKind(json, source, {path: ['permissions'], kind: 'object'})
  requireKind(json, source, {path: ['permissions', 'allow'], kind: 'array'})
  const given = allowedIn(json)
  if (given.includes(`mcp__${MCP_SERVER_NAME}`)) return json
  let edited = json
  for (const {rule, may} of PERMISSIONS) {
    if (given.includes(rule)) continue
    edited = appendAt(edited, ['permissions', 'allow'], rule)
    details.push({sign: '+', text: `leave for ${rule}: ${may}`})
  }
  return edited
}

function removePermissions(json: string, original: string): string {
  const kept = new Set(allowedIn(original))
  let edited = json
  for (const {rule} of PERMISSIONS) {
    const index = allowedIn(edited).indexOf(rule)
    if (index === -1 || kept.has(rule)) continue
    edited = takeOut(edited, ['permissions', 'allow', index], original)
  }
  return edited
}

/** Where something else stands, there are none. */
function hooksIn(json: string): Hooks {
  const hooks = plain(valueAt(json, ['hooks']))
  if (typeof hooks !== 'object' || hooks === null || Array.isArray(hooks)) return {}
  return Object.fromEntries(
    Object.entries(hooks).map(([event, groups]) => [event, Array.isArray(groups) ? groups : []]),
  )
}

function commandsIn(hooks: Hooks): string[] {
  return Object.values(hooks).flatMap((groups) => groups.flatMap(handlersOf).map(commandOf))
}

function handlersOf(group: unknown): (Handler | null)[] {
  const handlers = (group as {hooks?: unknown} | null)?.hooks
  return Array.isArray(handlers) ? handlers : []
}

function commandOf(handler: Handler | null): string {
  return typeof handler?.command === 'string' ? handler.command : ''
}

function allowedIn(json: string): unknown[] {
  const allowed = valueAt(json, ['permissions', 'allow'])
  return Array.isArray(allowed) ? allowed : []
}
