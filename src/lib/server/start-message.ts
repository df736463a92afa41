import {PRODUCT} from '../config/product.ts'

export interface StartMessage {
  url: string
  databasePath: string
  auth: boolean
  /** How the program is called from this terminal: `bmfote`, or the path that it was started by. */
  command: string
}

/** What a person sees who starts the server: where it is, where the memory is, and what to type next. */
export function startMessage({url, databasePath, auth, command}: StartMessage): string {
  const access = auth ? 'everybody who has the token in API_TOKEN' : 'this machine only, without a token'
  return [
    `${PRODUCT.name} ${PRODUCT.version} listens on ${url}`,
    '',
    `  REST      ${url}/openapi.json`,
    `  MCP       ${url}/mcp`,
    `  Database  ${databasePath}`,
    `  Open to   ${access}`,
    '',
    'Next, in another terminal:',
    '',
    `  ${command} import claude-code`,
    `  ${command} search what did we decide`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}
