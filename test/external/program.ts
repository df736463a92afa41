import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {startBinary} from '../helpers/run-binary.ts'
import {createTempHome, type TempHome} from '../helpers/temp-home.ts'

export interface BinaryServer {
  url: string
  home: TempHome
  stop(): Promise<void>
}

/** The built binary, serving an empty memory on a port of its own. */
export async function startServerBinary(env: Record<string, string> = {}): Promise<BinaryServer> {
  const home = createTempHome()
  const child = startBinary(['server', 'start', '--port', '0'], {home, env})
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, found] = /listens on (http:\S+)/.exec(line) ?? []
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return {
    url,
    home,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      home.remove()
    },
  }
}

export interface ProgramResult {
  output: string
  exitCode: number | null
}

/** Runs a stranger's Node program, with nothing of ours in its environment. */
export function runNode(
  args: string[],
  options: {cwd: string; env?: Record<string, string>},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd,
      env: {PATH: process.env.PATH ?? '', ...options.env},
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.resume()
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({output, exitCode}))
  })
}
