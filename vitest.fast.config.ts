import { mergeConfig } from 'vitest/config'
import whole, { long, slow } from './vitest.config.ts'

/** Without what takes long. */
export default mergeConfig(whole, {
  test: { exclude: [...slow, ...long], globalSetup: 'test/support/memoryFolder.ts' },
})
