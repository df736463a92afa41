import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'
import {installPackages} from '../install-packages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** node_modules with Anthropic's SDKs. */
    sdks: string
  }
}

/** Installs the SDKs. The Agent SDK would bring a Claude Code of its own for each platform; the tests have one. */
export function setup(project: TestProject): void {
  const folder = installPackages(fileURLToPath(new URL('.', import.meta.url)), ['--omit=optional'])
  project.provide('sdks', join(folder, 'node_modules'))
}
