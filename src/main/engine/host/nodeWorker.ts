import { fork } from 'node:child_process'
import { textTail, type StartWorker } from './workerProcess.ts'

/**
 * Workers as Node processes (command line and browser host). `entry` is the path of the worker's entry file, `node` that of
 * Node, where it is not this process's own.
 */
export function nodeWorkers(entry: string, node = process.execPath): StartWorker {
  return (environment) => {
    const child = fork(entry, {
      execPath: node,
      env: { ...process.env, ...environment },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const stderr = textTail()
    child.stderr?.on('data', stderr.add)
    let failure: Error | undefined
    child.on('error', (error) => {
      failure = error
    })
    return {
      pid: child.pid,
      post(message) {
        if (child.connected) child.send(message as object)
      },
      onMessage(listener) {
        child.on('message', listener)
      },
      onExit(listener) {
        let told = false
        const sendControl = (code: number | null, signal: string | null) => {
          if (told) return
          told = true
          listener({ code, signal, stderr: failure ? failure.message : stderr.read() })
        }
        child.on('close', sendControl)
        child.on('error', () => child.pid === undefined && sendControl(null, null))
      },
      kill: () => child.kill('SIGKILL'),
    }
  }
}
