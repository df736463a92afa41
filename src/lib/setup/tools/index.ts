import type {Tool} from '../tool.ts'
import {claudeCode} from './claude-code.ts'
import {cursor} from './cursor.ts'
import {windsurf} from './windsurf.ts'

/** Every tool that setup knows; the first one is meant where none is named. */
export const SETUP_TOOLS: readonly Tool[] = [claudeCode, cursor, windsurf]
