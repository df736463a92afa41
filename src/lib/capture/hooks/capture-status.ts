import {promises as fs} from 'node:fs'
import type {Paths} from '../../config/environment.ts'
import {writeFileAtomically} from '../../platform/atomic-write.ts'
import {Spool} from './spool.ts'

/** What the sender says of itself, for people and for doctor. Dates are ISO 8601. */
export interface CaptureStatus {
  /** When a hook last put down an event. */
  lastEventAt?: string
  /** When everything there was had been acknowledged. */
  lastDeliveryAt?: string
  /** Gone when a delivery has worked since. */
  lastError?: {at: string; code: string; message: string}
  /** The server asked to be left alone until then. */
  pausedUntil?: string
  /** The memory that asked for it. */
  pausedBy?: string
  /** Events that went unread because the spool was full. What their transcripts hold was read nevertheless. */
  droppedEvents?: number
  lastDropAt?: string
}

export interface SpoolStanding {
  events: number
  bytes: number
  /** ISO 8601. */
  oldestAt?: string
}

export async function readCaptureStatus(paths: Pick<Paths, 'captureStatus'>): Promise<CaptureStatus> {
  try {
    const status: unknown = JSON.parse(await fs.readFile(paths.captureStatus, 'utf8'))
    return typeof status === 'object' && status !== null ? status : {}
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (isMissing || error instanceof SyntaxError) return {}
    throw error
  }
}

/** What waits in the spool. */
export async function readSpoolStanding(paths: Pick<Paths, 'spool'>): Promise<SpoolStanding> {
  const files = await new Spool(paths.spool).list()
  const oldest = files.length === 0 ? undefined : Math.min(...files.map(({writtenMs}) => writtenMs))
  return {
    events: files.length,
    bytes: files.reduce((sum, {bytes}) => sum + bytes, 0),
    ...(oldest === undefined ? {} : {oldestAt: new Date(oldest).toISOString()}),
  }
}

/** A field that is given as undefined is taken out. Only the one sender that runs writes here. */
export async function updateCaptureStatus(
  paths: Pick<Paths, 'captureStatus'>,
  change: Partial<CaptureStatus>,
): Promise<void> {
  const status = {...(await readCaptureStatus(paths)), ...change}
  await writeFileAtomically(paths.captureStatus, JSON.stringify(status))
}
