import {TOOLS} from '../../client/tools/index.ts'
import {MCP_SERVER_NAME} from '../mcp-server.ts'

/** The rules of Claude Code's `permissions.allow` for our tools, and for people what each tool may do. */
export const PERMISSIONS = TOOLS.map(({name, annotations}) => ({
  rule: `mcp__${MCP_SERVER_NAME}__${name}`,
  may: annotations.readOnlyHint
    ? 'reads the memory'
    : 'writes into the memory, changes and deletes nothing there',
}))
