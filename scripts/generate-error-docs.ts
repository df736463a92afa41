import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {exitCodeFor} from '../src/lib/cli/exit-codes.ts'
import {ERROR_CODES} from '../src/lib/model/errors.ts'
import {STATUS_BY_CODE} from '../src/lib/server/http-errors.ts'

const BEGIN = '<!-- codes: written by `npm run generate` -->'
const END = '<!-- /codes -->'

/** docs/errors.md is written by hand, but for the table of codes between two marks. */
export async function generateErrorDocs(root: string): Promise<string> {
  const text = await readFile(join(root, 'docs/errors.md'), 'utf8')
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]]
  if (before === undefined || after === undefined)
    throw new Error(`docs/errors.md has lost ${BEGIN} or ${END}`)
  const rows = ERROR_CODES.map(
    (code) => `| [\`${code}\`](#${code}) | ${STATUS_BY_CODE[code]} | ${exitCodeFor(code)} |`,
  )
  const table = ['| code | HTTP status | exit code |', '|---|---|---|', ...rows].join('\n')
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`
}
