import { defineConfig } from 'vitest/config'
import { testEnvironment } from './test/support/testEnvironment.ts'

export default defineConfig({
  test: {
    env: testEnvironment,
    // Of Slurm, what is short; `npm run test:slurm` has all of it.
    include: ['test/e2e/**/*.test.ts', 'test/slurm/sweep.test.ts'],
    globalSetup: 'test/support/unpackBrowser.ts',
    setupFiles: 'test/support/removeFolders.ts',
    // Times are there to end what hangs, and long enough for the busiest machine.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // A file waits for its browser more than it computes: one alone leaves half of two cores idle.
    maxWorkers: 3,
    expect: { requireAssertions: true, poll: { timeout: 300_000 } },
  },
})
