import { dirname, join } from 'node:path'
import { app, utilityProcess } from 'electron'
import { nodeWorkers } from '../engine/host/nodeWorker.ts'
import { textTail, withGpuInPlainNode, type StartWorker } from '../engine/host/workerProcess.ts'

/**
 * The desktop's workers: utility processes of Electron, and for WebGPU the Node and the program that are the command line.
 * `folder` is that of the bundles.
 */
export function desktopWorkers(folder: string): StartWorker {
  const entry = 'engineWorker.js'
  const { node, bundles } = commandLineParts(folder)
  return withGpuInPlainNode(utilityWorkers(join(folder, entry)), nodeWorkers(join(bundles, entry), node))
}

/** Processes that bring an archive of an earlier version to this one. */
export function desktopMigrations(folder: string): StartWorker {
  return utilityWorkers(join(folder, 'migrationWorker.js'))
}

/** In a package they lie in its `resources`; before, Node is the one that the project is run with. */
function commandLineParts(folder: string): { node: string; bundles: string } {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  if (!app.isPackaged) return { node: join(app.getAppPath(), 'node_modules/node/bin', name), bundles: folder }
  const terminal = join(dirname(app.getAppPath()), 'terminal')
  return { node: join(terminal, 'bin', name), bundles: join(terminal, 'out/main') }
}

/** Workers as utility processes of Electron. `entry` is the path of the worker's entry file. */
function utilityWorkers(entry: string): StartWorker {
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
