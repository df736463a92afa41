import {existsSync} from 'node:fs'
import {hostname} from 'node:os'
import {sendSpool} from '../capture/hooks/send-spool.ts'
import {Spool} from '../capture/hooks/spool.ts'
import {type Environment, loadClientConfig, resolvePaths} from '../config/environment.ts'
import {BoundedLog} from '../platform/bounded-log.ts'
import {openMemory, terminalCaller} from './open-memory.ts'

/**
 * Delivers what hooks have put down, and first says that `event`, for which this was started, is whole. Nobody looks on:
 * whatever goes wrong is in the log.
 */
export async function sendFromHook(environment: Environment, event?: string): Promise<void> {
  const paths = resolvePaths(environment)
  // The hook that started this has made the folder: setup was taken back since, and nothing of ours is to come again.
  if (!existsSync(paths.spool)) return
  const log = new BoundedLog(paths.captureLog)
  const endWithNote = (error: unknown) => {
    void log.write(`the sender has ended: ${String(error)}`).finally(() => process.exit(0))
  }
  process.on('uncaughtException', endWithNote).on('unhandledRejection', endWithNote)
  try {
    // Before anything else: a sender that is at work may end at any moment, and looks once more when it does.
    if (event !== undefined) await new Spool(paths.spool).takeUp(event)
    const config = loadClientConfig(environment, paths)
    let opened: ReturnType<typeof openMemory> | undefined
    await sendSpool({
      paths,
      destination: config.url ?? paths.database,
      openMemory: async () => {
        opened ??= openMemory({environment, onNotice: (sentence) => void log.write(sentence)})
        return (await opened).memory
      },
      caller: {...terminalCaller('hook'), reason: 'hook'},
      workspaceId: config.workspaceId,
      author: config.author,
      machine: hostname(),
    })
    await (await opened)?.memory.close()
  } catch (error) {
    await log.write(`the sender has ended: ${String(error)}`)
  }
}
