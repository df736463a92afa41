import {findError} from './find-error.ts'
import {getContext} from './get-context.ts'
import {getRecent} from './get-recent.ts'
import {remember} from './remember.ts'
import {searchMemory} from './search-memory.ts'
import type {Tool} from './tool.ts'

export {ToolError} from './arguments.ts'
export type {Tool, ToolAnswer, ToolApi} from './tool.ts'

/** Every tool, in the order in which agents see them. */
export const TOOLS: readonly Tool[] = [searchMemory, findError, getContext, getRecent, remember]
