import { defineConfig } from 'vitest/config'
import { compileCache } from './test/support/compileCache.ts'

export default defineConfig({
  test: {
    env: compileCache,
    // Of Slurm, what is short; `npm run test:slurm` has all of it.
    include: ['test/e2e/**/*.test.ts', 'test/slurm/sweep.test.ts'],
    globalSetup: 'test/support/unpackBrowser.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each file has a browser, hosts and their workers: more of them would only wait for each other.
    maxWorkers: 2,
    expect: { requireAssertions: true, poll: { timeout: 120_000 } },
  },
})
