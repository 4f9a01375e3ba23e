import { mergeConfig } from 'vitest/config'
import whole, { slow } from './vitest.config.ts'

/** Without what takes long. */
export default mergeConfig(whole, { test: { exclude: slow, globalSetup: 'test/support/memoryFolder.ts' } })
