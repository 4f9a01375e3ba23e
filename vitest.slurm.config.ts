import { defineConfig } from 'vitest/config'
import { testEnvironment } from './test/support/testEnvironment.ts'

/** What Slurm, its nodes and its users do to a sweep, on a real Slurm of the test's own: minutes. */
export default defineConfig({
  test: {
    env: testEnvironment,
    setupFiles: 'test/support/removeFolders.ts',
    include: ['test/slurm/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    expect: { requireAssertions: true },
  },
})
