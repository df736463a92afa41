import {claudeCode} from './claude-code.ts'
import type {TranscriptSource} from './source.ts'

export const TRANSCRIPT_SOURCES: readonly TranscriptSource[] = [claudeCode]
