import { join } from 'node:path'

/** The environment of tests and of what they start. */
export const testEnvironment = {
  /** Where programs keep their modules as Node has compiled them: half of their time to start otherwise. */
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/compile'),
  /** A test waits for the runs that it starts; at low priority these would wait for all other tests. */
  GROKSCOPE_PRIORITY: 'normal',
}
