import {fileURLToPath} from 'node:url'
import {defineConfig} from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    include: ['test/external/n8n/*.test.ts'],
    globalSetup: ['test/external/n8n/install-n8n.ts'],
    fileParallelism: false,
    // Each start of n8n takes seconds, on a busy machine half a minute.
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
})
