import { once } from 'node:events'
import { fstat, lstat, stat } from 'node:fs'
import { promisify } from 'node:util'
import { printable } from '../../shared/printable.ts'
import { stopSignals } from '../../shared/stopSignals.ts'
import { checkTarget, writeWhole, type FileContent } from '../files/writeWhole.ts'
import { formatBytes } from '../../shared/formatting/formatNumber.ts'

export interface OutputOptions {
  /** Replaces a file that is there. */
  force: boolean | undefined
  /** Files that must not be written over, `--force` or not. */
  protect: readonly string[]
  /** Standard output holds JSON, and nothing is said there of the file. */
  json?: boolean | undefined
}

/**
 * Writes what `--out` asks for: a file, whole or not at all, or standard output (`-`, or by another name of it). An
 * interrupt leaves nothing behind.
 */
export async function writeOutput(
  out: string,
  content: FileContent,
  { force, protect, json }: OutputOptions,
): Promise<void> {
  if (out === '-' || (await isStandardOutput(out))) {
    for await (const part of content) if (!process.stdout.write(part)) await once(process.stdout, 'drain')
    return
  }
  const size = await untilInterrupted((signal) => writeWhole(out, content, { replace: force, protect, signal }))
  if (!json) process.stdout.write(`${printable(out)}: ${formatBytes(size)}\n`)
}

/** Throws where `writeOutput` would: asked before what takes long to compute is computed. */
export async function checkOutput(out: string, { force, protect }: OutputOptions): Promise<void> {
  if (out !== '-') await checkTarget(out, { replace: force, protect })
}

/** `/dev/stdout` and its like: what is no plain file, and the same as the output of this process. */
async function isStandardOutput(path: string): Promise<boolean> {
  const named = await promisify(lstat)(path).catch(() => undefined)
  if (!named || named.isFile() || named.isDirectory()) return false
  const [requested, own] = await Promise.all([
    promisify(stat)(path).catch(() => undefined),
    promisify(fstat)(process.stdout.fd).catch(() => undefined),
  ])
  return requested !== undefined && own !== undefined && requested.dev === own.dev && requested.ino === own.ino
}

/** Aborts on an interrupt, and ends by it once `act` has cleaned up. */
async function untilInterrupted<Output>(act: (signal: AbortSignal) => Promise<Output>): Promise<Output> {
  const abort = new AbortController()
  const interrupted = (signal: NodeJS.Signals) => abort.abort(signal)
  for (const signal of stopSignals) process.on(signal, interrupted)
  try {
    return await act(abort.signal)
  } finally {
    for (const signal of stopSignals) process.off(signal, interrupted)
    if (abort.signal.aborted) process.kill(process.pid, abort.signal.reason as NodeJS.Signals)
  }
}
