import type {Platform} from '../options.ts'
import {FileSpool} from './file-spool.ts'

/** What Node, bun and Deno have on top of the web's standards. */
export function nodePlatform(settings: Platform['settings']): Platform {
  return {
    settings,
    openSpool(folder, options) {
      try {
        return new FileSpool(folder, options)
      } catch (error) {
        options.logger.warn(
          `bmfote: ${folder} can't be a spool; what is not stored yet is kept in memory: ${String(error)}`,
        )
        return undefined
      }
    },
    onExit,
    unref: (timer) => (timer as {unref?: () => void}).unref?.(),
  }
}

const atExit = new Set<() => Promise<void>>()

/** One listener for all clients: Node warns of a leak at eleven. */
export function onExit(run: () => Promise<void>): () => void {
  if (atExit.size === 0) process.on('beforeExit', runAll)
  atExit.add(run)
  return () => {
    atExit.delete(run)
    if (atExit.size === 0) process.off('beforeExit', runAll)
  }
}

async function runAll(): Promise<void> {
  const runs = [...atExit]
  atExit.clear()
  process.off('beforeExit', runAll)
  await Promise.all(runs.map((run) => run()))
}
