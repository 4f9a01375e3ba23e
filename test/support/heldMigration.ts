import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeWorkers } from '../../src/main/engine/host/nodeWorker.ts'
import type { StartWorker } from '../../src/main/engine/host/workerProcess.ts'

const program = join(import.meta.dirname, '../../src/main/services/migrationWorker.ts')

/** Once a program has told a share of a migration, it waits with the next until a file lets it go on: it is asked before it tells. */
const hold = (gate: string, share: number) => `
  import { subscribe } from 'node:diagnostics_channel'
  import { existsSync } from 'node:fs'
  if (/migrationWorker\\.[jt]s$/.test(process.argv[1] ?? '')) {
    const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    let told = -1
    subscribe('grokscope:migration', (progress) => {
      if (told >= ${share}) while (!existsSync(${JSON.stringify(gate)})) wait()
      told = progress.share
    })
  }
`

/** Migrations that go so far, and no farther before they are let go. */
export function heldMigration(folder: string, share: number) {
  const gate = join(folder, 'gate')
  const script = `data:text/javascript,${encodeURIComponent(hold(gate, share))}`
  /** For programs that start others. */
  const env = { NODE_OPTIONS: `--import=${script}` }
  const start = nodeWorkers(program)
  const startMigration: StartWorker = (environment) => start({ ...environment, ...env })
  return { env, startMigration, letGo: () => void (existsSync(gate) || writeFileSync(gate, '')) }
}
