import { join } from 'node:path'
import { isOutdated } from '../../src/main/launch/buildIfOutdated.ts'

const root = join(import.meta.dirname, '../..')

/** Programs are taken as they were built last, where no source has changed since: they start in less than half the time. */
const hasChanged = isOutdated(root)

/** The program in the terminal. */
export const program = join(root, hasChanged ? 'src/main/cli/index.ts' : 'out/main/cli.js')

/** What a worker process runs. */
export const workerProgram = join(root, hasChanged ? 'src/main/engine/worker/worker.ts' : 'out/main/engineWorker.js')
