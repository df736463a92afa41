import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'
import {installPackages} from '../install-packages.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable of Claude Code. */
    claude: string
  }
}

/** Installs Claude Code. Its package is a launcher, and another package for each platform that holds the program. */
export function setup(project: TestProject): void {
  const folder = installPackages(fileURLToPath(new URL('.', import.meta.url)))
  const platform = `${process.platform}-${process.arch}`
  const names = [platform, `${platform}-musl`].map((name) => `@anthropic-ai/claude-code-${name}`)
  const found = names
    .map((name) => join(folder, 'node_modules', name, 'claude'))
    .find((path) => existsSync(path))
  if (!found) throw new Error(`Claude Code has no program for ${platform}`)
  project.provide('claude', found)
}
