import { join } from 'node:path'
import { isOutdated } from '../../src/main/launch/buildIfOutdated.ts'

const root = join(import.meta.dirname, '../..')

/** The program in the terminal: as it was built last, which starts in a third of the time, where no source has changed since. */
export const program = join(root, isOutdated(root) ? 'src/main/cli/index.ts' : 'out/main/cli.js')
