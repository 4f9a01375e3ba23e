import { utilityProcess } from 'electron'
import { textTail, type StartWorker } from '../engine/host/workerProcess.ts'

/** Workers as utility processes of Electron (desktop). `entry` is the path of the worker's entry file. */
export function utilityWorkers(entry: string): StartWorker {
  return (environment) => {
    const child = utilityProcess.fork(entry, [], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      serviceName: 'Grokscope engine',
    })
    const stderr = textTail()
    child.stderr?.on('data', stderr.add)
    return {
      get pid() {
        return child.pid
      },
      post: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.on('exit', (code) => listener({ code, signal: null, stderr: stderr.read() })),
      kill: () => void child.kill(),
    }
  }
}
