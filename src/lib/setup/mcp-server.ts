import {join} from 'node:path'
import {CLIENT_HEADERS} from '../client/protocol.ts'
import type {Detail, FileEdit} from './change.ts'
import {editJson, putValue, takeOut} from './json-file.ts'
import type {JsonDialect} from './json-object.ts'
import {readJsonObject} from './json-object.ts'
import {valueAt} from './json-text.ts'
import type {SetupContext} from './tool.ts'

/** The name under which every tool knows our MCP server. */
export const MCP_SERVER_NAME = 'bmfote-memory'

const SERVERS_KEY = 'mcpServers'

/** Registers our MCP server among the others in a file of the shape `{"mcpServers": {NAME: …}}`. */
export function mcpServerEdit(options: {
  path: string
  dialect: JsonDialect
  entry: object
  isPrivate: boolean
}): FileEdit {
  const {path, dialect, entry, isPrivate} = options
  const source = {path, dialect}
  const keyPath = [SERVERS_KEY, MCP_SERVER_NAME]
  const keys = [SERVERS_KEY]
  return {
    path,
    purpose: 'the memory as MCP tools',
    access: isPrivate ? 'private' : undefined,
    install(text) {
      const edited = editJson(text, source, {
        keys,
        edit: (json) => putValue(json, source, {path: keyPath, value: entry}),
      })
      const known = valueAt(readJsonObject(text ?? '', source, keys), keyPath)
      const detail: Detail = {sign: known === undefined ? '+' : '~', text: `MCP server ${MCP_SERVER_NAME}`}
      return {text: edited, details: edited === text ? [] : [detail]}
    },
    uninstall(text, original) {
      const before = original === undefined ? '' : readJsonObject(original, {...source, dialect: 'jsonc'}, [])
      const without = editJson(
        text,
        {...source, dialect: 'jsonc'},
        {
          keys,
          edit: (json) => takeOut(json, keyPath, before),
        },
      )
      return isNothingLeft(without, original) ? undefined : without
    },
  }
}

/** A file that we made, with nothing of anybody else's in it. */
export function isNothingLeft(json: string, original: string | undefined): boolean {
  return original === '' && json.replace(/^\uFEFF/, '').trim() === '{}'
}

/** Starts the program's own copy, which reads address and token from bmfote.env: the tool's file holds no secret. */
export function stdioEntry(
  {paths}: SetupContext,
  source: string,
): {command: string; args: string[]; env?: object} {
  const env = {
    ...(paths.home === join(paths.userHome, '.bmfote') ? {} : {BMFOTE_HOME: paths.home}),
    ...(paths.claude === join(paths.userHome, '.claude') ? {} : {CLAUDE_CONFIG_DIR: paths.claude}),
  }
  const entry = {command: paths.program, args: ['mcp', '--source', source]}
  return Object.keys(env).length === 0 ? entry : {...entry, env}
}

/** What a tool sends with each call, so that what it remembers says where it comes from. */
export function httpHeaders(
  {connection}: SetupContext,
  source: string,
  bearer: string | undefined,
): Record<string, string> {
  const {workspaceId, author} = connection
  return {
    ...(bearer === undefined ? {} : {Authorization: `Bearer ${bearer}`}),
    [CLIENT_HEADERS.source]: source,
    ...(author === undefined ? {} : {[CLIENT_HEADERS.author]: encodeURIComponent(author)}),
    ...(workspaceId === undefined ? {} : {[CLIENT_HEADERS.workspace]: encodeURIComponent(workspaceId)}),
  }
}
