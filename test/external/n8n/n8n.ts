import {execFile} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TempHome} from '../../helpers/temp-home.ts'

export interface Credential {
  id: string
  name: string
  type: string
  data: Record<string, string>
}

export interface N8nRun {
  exitCode: number
  output: string
  /** What the last node gave, where the workflow came to its end. */
  result: Record<string, unknown> | undefined
}

const START_MS_MAX = 240_000

/** The real n8n by its command line, with a database of its own. */
export class N8n {
  readonly #program: string
  readonly #home: TempHome

  constructor(program: string, home: TempHome) {
    this.#program = program
    this.#home = home
    mkdirSync(home.path, {recursive: true})
  }

  async importCredentials(credentials: readonly Credential[]): Promise<void> {
    await this.#mustRun(['import:credentials', `--input=${this.#write('credentials.json', credentials)}`])
  }

  async importWorkflows(workflows: readonly object[]): Promise<void> {
    await this.#mustRun(['import:workflow', `--input=${this.#write('workflows.json', workflows)}`])
  }

  async execute(id: string): Promise<N8nRun> {
    const {exitCode, output} = await this.#run(['execute', `--id=${id}`, '--rawOutput'])
    return {exitCode, output, result: readResult(output)}
  }

  #write(name: string, content: unknown): string {
    const path = join(this.#home.path, name)
    writeFileSync(path, JSON.stringify(content))
    return path
  }

  async #mustRun(args: string[]): Promise<void> {
    const {exitCode, output} = await this.#run(args)
    if (exitCode !== 0)
      throw new Error(`n8n ${args.join(' ')} ended with ${exitCode}: ${output.slice(-2_000)}`)
  }

  #run(args: string[]): Promise<{exitCode: number; output: string}> {
    const env = {
      ...this.#home.env,
      N8N_USER_FOLDER: this.#home.path,
      N8N_ENCRYPTION_KEY: 'for-this-test',
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      N8N_RUNNERS_ENABLED: 'false',
      N8N_LOG_LEVEL: 'info',
    }
    return new Promise((resolve) => {
      const options = {env, timeout: START_MS_MAX, maxBuffer: 100_000_000}
      execFile(process.execPath, [this.#program, ...args], options, (error, stdout, stderr) => {
        resolve({exitCode: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}`})
      })
    })
  }
}

/** `--rawOutput` prints all that the execution did; before it stand words for people. */
function readResult(output: string): Record<string, unknown> | undefined {
  const start = output.search(/^\{$/m)
  const end = output.lastIndexOf('\n}')
  if (start < 0) return undefined
  try {
    const {data} = JSON.parse(output.slice(start, end + 2))
    const {runData, lastNodeExecuted} = data.resultData
    return runData[lastNodeExecuted].at(-1).data.main[0][0].json
  } catch {
    return undefined
  }
}
