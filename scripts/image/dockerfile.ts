export interface Instruction {
  /** `FROM`, `RUN`, `COPY` … */
  name: string
  /** Flags of the instruction itself, as `--from=build`. */
  flags: Record<string, string>
  text: string
}

export interface Stage {
  base: string
  name?: string
  instructions: Instruction[]
}

/** As much of a Dockerfile as ours uses: one instruction a line, no here-documents. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const instruction = parseInstruction(line)
    if (instruction.name !== 'FROM') {
      const stage = stages.at(-1)
      if (!stage) throw new Error(`Before the first FROM stands: ${line}`)
      stage.instructions.push(instruction)
      continue
    }
    const [base = '', , name] = instruction.text.split(/\s+/)
    stages.push({base, name, instructions: []})
  }
  return stages
}

function parseInstruction(line: string): Instruction {
  const match = /^([A-Z]+)\s+(.*)$/.exec(line)
  if (!match) throw new Error(`This is no instruction of one line: ${line}`)
  const [, name = '', rest = ''] = match
  const flags: Record<string, string> = {}
  let text = rest
  for (let flag = matchFlag(text); flag; flag = matchFlag(text)) {
    flags[flag.name] = flag.value
    text = text.slice(flag.length)
  }
  return {name, flags, text}
}

function matchFlag(text: string): {name: string; value: string; length: number} | undefined {
  const match = /^--([\w-]+)=(\S+)\s+/.exec(text)
  return match ? {name: match[1] ?? '', value: match[2] ?? '', length: match[0].length} : undefined
}

/** `["bmfote", "server"]` of an instruction in exec form. */
export function execForm({text}: Instruction): string[] {
  return JSON.parse(text.replace(/^CMD\s+/, '')) as string[]
}
