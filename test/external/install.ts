import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'
import {installPackages} from './install-packages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs of others are installed. */
    strangers: string
  }
}

/** Installs what package.json beside this file names. */
export function setup(project: TestProject): void {
  project.provide('strangers', installPackages(fileURLToPath(new URL('.', import.meta.url))))
}
