import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const entry = join(import.meta.dirname, '../../src/main/engine/worker/worker.ts')
/** What Electron gives a utility process instead of `process.send`. */
const parentPort = `
  process.parentPort = {
    postMessage: (message) => process.send(message),
    on: (name, listener) => process.on(name, (data) => listener({ data })),
  }
  process.on('disconnect', () => process.exit())
`

/** The engine's worker in a Node process that looks to it like a utility process of Electron. */
export function forkAsUtilityProcess(env: NodeJS.ProcessEnv): ChildProcess {
  return fork(entry, {
    env,
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(parentPort)}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
