import {expect, test} from 'vitest'
import {plantSecrets} from '../../../test/helpers/planted-secrets.ts'
import {scanText} from './scan-text.ts'

test('says where each secret is and never what', () => {
  const planted = plantSecrets()
  const text = planted.map((plant) => plant.text).join('\n')

  const findings = scanText(text)

  expect(findings.map(({start, end}) => text.slice(start, end))).toEqual(planted.map(({secret}) => secret))
  for (const {kind, excerpt} of findings) {
    expect(excerpt).toContain(`[redacted:${kind}]`)
    for (const {secret} of planted) expect(excerpt).not.toContain(secret.slice(0, 12))
  }
})

test('the excerpt is one short line of what stands around', () => {
  const [{text} = {text: ''}] = plantSecrets()

  const [finding] = scanText(`${'before '.repeat(50)}\n\n${text}\n\n${'after '.repeat(50)}`)

  expect(finding?.excerpt).toMatch(/^\S*(?: ?before)+ \[redacted:github-token\] after(?: after)+ \S*$/)
  expect(finding?.excerpt.length).toBeLessThan(120)
})

test('a text without secrets has no findings', () => {
  expect(scanText('the build is green')).toEqual([])
})
