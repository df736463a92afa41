import {expect, test} from 'vitest'
import {PLATFORMS} from '../../scripts/build/platforms.ts'
import {readRepositoryFile} from './source-files.ts'

const SAID = {tests: 'by every test', emulator: 'in an emulator', never: 'never run, only built'}

test('docs/platforms.md says of every platform how far it was tried', () => {
  const rows = [
    ...readRepositoryFile('docs/platforms.md').matchAll(/^\| [^|]+ \| `@bmfote\/([^`]+)` \| (.+) \|$/gm),
  ]

  expect(rows.map(([, name]) => name)).toEqual(PLATFORMS.map(({name}) => name))
  const wrong = PLATFORMS.filter(({tried}, index) => !rows[index]?.[2]?.startsWith(SAID[tried]))
  expect(wrong).toEqual([])
})

test('the lockfile names what each platform is built of, with its checksum', () => {
  const {packages} = JSON.parse(readRepositoryFile('package-lock.json'))
  const parts = PLATFORMS.flatMap(({bunPackage, libsqlPackage}) => [bunPackage, libsqlPackage])

  expect(parts).toHaveLength(PLATFORMS.length * 2)
  expect(parts.filter((name) => packages[`node_modules/${name}`]?.integrity === undefined)).toEqual([])
})
