import {type Environment, loadClientConfig} from '../../config/environment.ts'
import type {OwnProgram} from '../program.ts'
import {configuredContext, installationOf, readManifest} from '../status.ts'
import type {SetupContext, Tool} from '../tool.ts'
import {checkHooks, checkSpool} from './check-capture.ts'
import {checkEnvironment, checkProgram, checkTools} from './check-installation.ts'
import {checkDatabase, checkMcp, checkServer} from './check-memory.ts'
import type {Check, Finding, Patient} from './finding.ts'

/** From what everything stands on to what stands on it. */
const CHECKS: readonly Check[] = [
  checkProgram,
  checkServer,
  checkTools,
  checkEnvironment,
  checkMcp,
  checkHooks,
  checkSpool,
  checkDatabase,
]

export interface ExamineOptions {
  environment: Environment
  context: SetupContext
  program: OwnProgram
  tools: readonly Tool[]
  deliver: () => Promise<void>
  now?: () => Date
}

/** Looks at everything that recording and recalling need, and says of each what is wrong and what to do. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const patient = await admit(options)
  const findings: Finding[] = []
  for (const check of CHECKS) findings.push(...(await check(patient)))
  return findings
}

/** Does what can do no harm, and gives the findings that it was done for. */
export async function mend(findings: readonly Finding[]): Promise<Finding[]> {
  const mended: Finding[] = []
  for (const finding of findings) {
    if (finding.state === 'ok' || finding.mend === undefined) continue
    await finding.mend()
    mended.push(finding)
  }
  return mended
}

async function admit({environment, context, tools, now, ...options}: ExamineOptions): Promise<Patient> {
  const configured = configuredContext(context)
  const manifest = await readManifest(configured)
  return {
    ...options,
    environment,
    context: configured,
    effective: loadClientConfig(environment, context.paths),
    manifest,
    tools: tools.filter((tool) => installationOf(tool, manifest, configured) !== undefined),
    now: now ?? (() => new Date()),
  }
}
