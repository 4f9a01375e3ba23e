import { stopSignals } from '../../shared/stopSignals.ts'

/** How a worker process speaks with the process that started it. */
export interface HostPort<In, Out> {
  isElectron: boolean
  post(message: Out): Promise<void>
  listen(listener: (message: In) => void): void
}

/** Electron's `parentPort` where there is one, else Node's IPC channel; a worker whose host is gone ends. */
export function connectToHost<In, Out>(): HostPort<In, Out> {
  const parentPort = (process as { parentPort?: ElectronParentPort }).parentPort
  if (parentPort) {
    return {
      isElectron: true,
      post: async (message) => parentPort.postMessage(message),
      listen: (listener) => parentPort.on('message', ({ data }) => listener(data as In)),
    }
  }
  process.on('disconnect', () => process.exit(0))
  // A terminal interrupts the host and its workers alike; the host says what that means, and a worker saves its run first.
  for (const signal of stopSignals) process.on(signal, () => {})
  return {
    isElectron: false,
    post: (message) =>
      new Promise((sent) => {
        process.send?.(message, undefined, undefined, () => sent())
      }),
    listen: (listener) => process.on('message', (message) => listener(message as In)),
  }
}

interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}
