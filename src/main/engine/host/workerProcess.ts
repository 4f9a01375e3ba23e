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

/** Starts a worker whose environment is the host's with these variables added. */
export type StartWorker = (environment: Record<string, string>) => WorkerProcess

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
