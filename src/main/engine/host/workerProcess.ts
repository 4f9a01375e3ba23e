import type { BackendKind } from '../../../shared/machine.ts'

/** How a worker process ended. */
export interface WorkerExit {
  code: number | null
  signal: string | null
  /** The end of what it wrote to standard error. */
  stderr: string
}

/** A process that does heavy work for the host: Node's `fork` or Electron's `utilityProcess` behind one interface. */
export interface WorkerProcess {
  readonly pid: number | undefined
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once; also where the process could not be started. */
  onExit(listener: (exit: WorkerExit) => void): void
  kill(): void
}

/** Starts a worker whose environment is the host's with these variables added, for what one backend computes or for any. */
export type StartWorker = (environment: Record<string, string>, backend?: BackendKind) => WorkerProcess

/**
 * Workers of Electron, and of plain Node for what WebGPU computes: Electron's processes take no memory from outside V8, which is
 * how Dawn hands over results (electronjs.org/blog/v8-memory-cage).
 */
export function withGpuInPlainNode(electron: StartWorker, node: StartWorker): StartWorker {
  return (environment, backend) => (backend === 'webgpu' ? node : electron)(environment, backend)
}

/** Keeps the last few kilobytes of a stream of text. */
export function textTail(limit = 4_000): { add(chunk: unknown): void; read(): string } {
  let text = ''
  return {
    add(chunk) {
      text = (text + String(chunk)).slice(-limit)
    },
    read: () => text.trim(),
  }
}
