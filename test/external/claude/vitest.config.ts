import {fileURLToPath} from 'node:url'
import {defineConfig} from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    include: ['test/external/claude/**/*.test.ts'],
    globalSetup: ['test/external/claude/install-claude.ts'],
    fileParallelism: false,
    // For a machine that has other things to do: a test waits for what is to happen, never for a time.
    testTimeout: 400_000,
    // Some 400 MB are downloaded the first time.
    hookTimeout: 1_200_000,
  },
})
