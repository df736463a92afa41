import {fileURLToPath} from 'node:url'
import {defineConfig} from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    include: ['test/external/sdks/**/*.test.ts'],
    globalSetup: ['test/external/claude/install-claude.ts', 'test/external/sdks/install-sdks.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    // Some 400 MB are downloaded the first time.
    hookTimeout: 1_200_000,
  },
})
