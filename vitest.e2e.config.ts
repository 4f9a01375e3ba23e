import { defineConfig } from 'vitest/config'
import { testEnvironment } from './test/support/testEnvironment.ts'

export default defineConfig({
  test: {
    env: testEnvironment,
    // Of Slurm, what is short; `npm run test:slurm` has all of it.
    include: ['test/e2e/**/*.test.ts', 'test/slurm/sweep.test.ts'],
    globalSetup: 'test/support/unpackBrowser.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A file waits for its browser more than it computes: one alone leaves half of two cores idle.
    maxWorkers: 3,
    expect: { requireAssertions: true, poll: { timeout: 120_000 } },
  },
})
