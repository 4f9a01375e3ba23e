import { defineConfig } from 'vitest/config'
import { compileCache } from './test/support/compileCache.ts'

// Times are there to end what hangs, and long enough for the busiest machine; nothing else hangs on them.
export default defineConfig({
  test: {
    env: compileCache,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/slurm/**'],
    // Most tests wait for programs that they start.
    maxWorkers: '100%',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { requireAssertions: true, poll: { timeout: 120_000 } },
  },
})
