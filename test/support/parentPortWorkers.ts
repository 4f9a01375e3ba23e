import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const programs = join(import.meta.dirname, '../../src/main')
/** What Electron gives a utility process instead of `process.send`. */
const parentPort = `
  process.parentPort = {
    postMessage: (message) => process.send(message),
    on: (name, listener) => process.on(name, (data) => listener({ data })),
  }
  process.on('disconnect', () => process.exit())
`

/** What Dawn throws in Electron, whose processes take no memory from outside V8; seen with its symbol replaced. */
const memoryCage = `
  Object.defineProperty(globalThis, 'GPUBuffer', {
    configurable: true,
    set(GPUBuffer) {
      GPUBuffer.prototype.getMappedRange = () => { throw new Error('Error in native callback') }
      Object.defineProperty(globalThis, 'GPUBuffer', { value: GPUBuffer })
    },
  })
`

/** The engine's worker, or another program of `src/main`, in a Node process that looks to it like a utility process of Electron. */
export function forkAsUtilityProcess(env: NodeJS.ProcessEnv, entry = 'engine/worker/worker.ts'): ChildProcess {
  return fork(join(programs, entry), {
    env,
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(parentPort + memoryCage)}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
