import { runProgram } from '../../src/main/cli/program.ts'
import type { RunSummary } from '../../src/shared/run.ts'

export interface Call {
  /** 0 done, 1 a run failed or differs, anything else refused. */
  code: number
  stdout: string
  stderr: string
}

let before: Promise<unknown> = Promise.resolve()

/** The command line, without a process of its own: thousands of calls take minutes, not hours. One call at a time. */
export function callProgram(...options: readonly string[]): Promise<Call> {
  const call = before.then(() => callNow(options))
  before = call.catch(() => undefined)
  return call
}

async function callNow(options: readonly string[]): Promise<Call> {
  const call: Call = { code: 0, stdout: '', stderr: '' }
  const restore = [
    capture(process.stdout, (text) => (call.stdout += text)),
    capture(process.stderr, (text) => (call.stderr += text)),
  ]
  process.exitCode = 0
  try {
    await runProgram(['node', 'grokscope', ...options])
  } finally {
    restore.forEach((put) => put())
    call.code = Number(process.exitCode)
    process.exitCode = 0
  }
  return call
}

/** The runs of an archive as `list --json` tells them; none where it is refused. */
export async function callList(archive: string, ...query: string[]): Promise<RunSummary[]> {
  const { stdout } = await callProgram('list', ...query, '--json', '--archive', archive)
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as RunSummary)
}

/** Takes what is written to a stream until the returned function is called, which leaves it as it was found. */
function capture(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const write = stream.write
  const listeners = stream.listeners('error')
  const taken = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    take(String(chunk))
    const done = more.find((argument) => typeof argument === 'function') as (() => void) | undefined
    if (done) queueMicrotask(done)
    return true
  }
  stream.write = taken as typeof write
  return () => {
    stream.write = write
    for (const listener of stream.listeners('error') as (() => void)[]) {
      if (!listeners.includes(listener)) stream.off('error', listener)
    }
  }
}
