import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'

const run = promisify(execFile)

interface Manifest {
  commands: Record<string, {hidden?: boolean}>
}

/** docs/cli.md: the help of every command, as the program itself prints it. */
export async function generateCliDocs(root: string): Promise<string> {
  const manifest = await readFile(join(root, 'src/lib/cli/command-manifest.generated.json'), 'utf8')
  const {commands} = JSON.parse(manifest) as Manifest
  const visible = Object.keys(commands).filter((id) => !commands[id]?.hidden)
  const sections: string[] = []
  for (const id of visible) {
    const words = id.split(':')
    sections.push(`## bmfote ${words.join(' ')}\n\n${fence(await helpOf(root, words))}`)
  }
  const parts = [
    '<!-- Written by `npm run generate` from the commands themselves. Do not edit. -->',
    '# Commands',
    fence(await helpOf(root, [])),
    ...sections,
  ]
  return `${parts.join('\n\n')}\n`
}

async function helpOf(root: string, words: string[]): Promise<string> {
  const {stdout} = await run(process.execPath, [join(root, 'bin/run.ts'), 'help', ...words], {
    // Nothing of this machine: no colours, no width, no home that a default could be made of.
    env: {NO_COLOR: '1', OCLIF_COLUMNS: '100', HOME: '/nonexistent'},
  })
  return stdout.trim().replace(/[ \t]+$/gm, '')
}

function fence(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``
}
