import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export interface WriterProcess {
  pid: number
  /** What it has told so far, line by line. */
  said(): string[]
  /** Waits until it has told so many lines. */
  tells(lines: number): Promise<void>
  /** Waits until it has ended by itself. */
  ended(): Promise<void>
  kill(): Promise<void>
}

const script = fileURLToPath(new URL('archiveWriter.ts', import.meta.url))

/** Starts processes that write to archives, and ends them with the test. */
export function writerProcesses(): (archive: string, ...what: string[]) => Promise<WriterProcess> {
  const running: ChildProcess[] = []
  afterEach(() => {
    for (const writer of running.splice(0)) writer.kill('SIGKILL')
  })
  /** Waits until it has said something. */
  return async (archive, ...what) => {
    const writer = spawn(process.execPath, [script, archive, ...what], { stdio: ['ignore', 'pipe', 'inherit'] })
    running.push(writer)
    let output = ''
    writer.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const closed = once(writer, 'close')
    await Promise.race([once(writer.stdout, 'data'), closed])
    const said = () => output.split('\n').slice(0, -1)
    return {
      pid: writer.pid!,
      said,
      async tells(lines) {
        while (said().length < lines && writer.exitCode === null && writer.signalCode === null)
          await Promise.race([once(writer.stdout, 'data'), closed])
      },
      async ended() {
        await closed
      },
      async kill() {
        writer.kill('SIGKILL')
        await closed
      },
    }
  }
}
