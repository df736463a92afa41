import {resolveConnection} from '../connection.ts'
import {installProgram, planProgram} from '../program.ts'
import {applySetup, planSetup} from '../setup.ts'
import {readProgramStatus, readToolStatus} from '../status.ts'
import type {Check, Finding, Patient} from './finding.ts'

/** The program's copy is there, runs, and is not older than this one. */
export const checkProgram: Check = async ({tools, program, context}) => {
  if (tools.length === 0) return []
  const {state, path, version} = await readProgramStatus(program, context)
  const check = 'program'
  if (state === 'current') return [{check, state: 'ok', sentence: `${path} is ${version}.`}]
  if (state === 'newer') {
    const sentence = `${path} is ${version}, newer than this one (${program.version}).`
    return [{check, state: 'warning', sentence, fix: `Use that one: ${path}`}]
  }
  const mend = async () => {
    const {action} = await planProgram(program, path, context.fs)
    if (action !== 'none') await installProgram(program, path, context.fs)
  }
  const sentence =
    state === 'missing'
      ? `${path}, which hooks start, is not there or does not run: nothing is recorded.`
      : `${path}, which hooks start, is ${version}, and this one is ${program.version}.`
  return [{check, state: state === 'missing' ? 'problem' : 'warning', sentence, fix: 'bmfote setup', mend}]
}

/** Every file is as setup leaves it. */
export const checkTools: Check = async (patient) => {
  const {tools, context, manifest, program} = patient
  if (tools.length === 0) {
    return [{check: 'tools', state: 'warning', sentence: 'No AI tool is set up here.', fix: 'bmfote setup'}]
  }
  const findings: Finding[] = []
  for (const tool of tools) {
    const {state, title, problems, onMachine} = await readToolStatus(tool, {manifest, context, program})
    const check = tool.name
    const isWorking = state === 'working'
    if (isWorking) findings.push({check, state: 'ok', sentence: `${title} is set up.`})
    const mend = () => setUpAgain(patient, [tool])
    for (const sentence of problems) {
      findings.push({check, state: 'problem', sentence, fix: `bmfote setup ${tool.name}`, mend})
    }
    if (!onMachine) findings.push({check, state: 'warning', sentence: `${title} itself is not found here.`})
    for (const sentence of (await tool.remarks?.(context)) ?? [])
      findings.push({check, state: 'warning', sentence})
  }
  return findings
}

async function setUpAgain({context, program}: Patient, tools: Patient['tools']): Promise<void> {
  const request = {tools, context, program}
  await applySetup(await planSetup(request), request)
}

/** Nothing in the environment speaks against what is set up. */
export const checkEnvironment: Check = async ({environment, context, tools}) => {
  if (tools.length === 0) return []
  const findings: Finding[] = []
  if (environment.BMFOTE_DISABLE === '1') {
    const sentence =
      'BMFOTE_DISABLE is 1 in this shell: nothing is recorded in programs that are started from it.'
    findings.push({check: 'environment', state: 'warning', sentence, fix: 'unset BMFOTE_DISABLE'})
  }
  const {url, token} = context.connection
  const {notes} = resolveConnection(url === undefined ? {local: true} : {url, token}, {
    environment,
    paths: context.paths,
  })
  const stale = notes.filter((note) => note.startsWith('BMFOTE_'))
  return [
    ...findings,
    ...stale.map((sentence): Finding => ({check: 'environment', state: 'warning', sentence})),
  ]
}
