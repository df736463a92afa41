import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {generateCliDocs} from './generate-cli-docs.ts'
import {generateClientFiles} from './generate-client-files.ts'
import {type GeneratedFile, generateCommandFiles} from './generate-commands.ts'
import {generateErrorDocs} from './generate-error-docs.ts'
import {generateMigrations} from './generate-migrations.ts'
import {generateOpenApi} from './generate-openapi.ts'
import {generateSchema} from './generate-schema.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Every file that follows from other files. In this order: later ones run code that reads what earlier ones wrote. */
const GENERATORS: readonly (() => Promise<GeneratedFile[]>)[] = [
  () => generateCommandFiles(ROOT),
  async () => {
    const {path, text} = generateMigrations(ROOT)
    return [{path: relative(ROOT, path), content: text}]
  },
  async () => [{path: 'schema/current.sql', content: await generateSchema()}],
  async () => [{path: 'schema/openapi.json', content: await generateOpenApi()}],
  async () => [{path: 'docs/errors.md', content: await generateErrorDocs(ROOT)}],
  async () => [{path: 'docs/cli.md', content: await generateCliDocs(ROOT)}],
  () => generateClientFiles(),
]

/** `npm run generate` writes them; with `--check` nothing is written, and one that is out of date is a failure. */
async function main(options: {check: boolean}): Promise<number> {
  let stale = 0
  for (const generate of GENERATORS) {
    for (const {path, content} of await generate()) {
      if ((await readIfThere(join(ROOT, path))) === content) continue
      stale++
      console.log(options.check ? `out of date: ${path}` : `wrote ${path}`)
      if (!options.check) await write(join(ROOT, path), content)
    }
  }
  if (stale === 0) console.log('Every generated file is up to date.')
  else if (options.check) console.log('Run `npm run generate`, look at the difference, and commit it.')
  return options.check && stale > 0 ? 1 : 0
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), {recursive: true})
  await writeFile(path, content)
}

process.exitCode = await main({check: process.argv.includes('--check')})
