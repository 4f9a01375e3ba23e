import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LabError, type ErrorRecord } from '../../shared/errors.ts'
import { dawnsReason } from '../../shared/dawnsReason.ts'
import type { FromGpu, GpuForecast, GpuGo, GpuRequest, ToGpu } from './gpuMessages.ts'

type AnswerTo<Request extends GpuRequest> = Request['kind'] extends 'plan' ? GpuForecast : GpuGo

export interface AskOptions {
  /** Aborted, runs are saved and the rest is left. */
  signal?: AbortSignal
  onProgress?: (ended: number, of: number) => void
}

/** As where the device is lost: what was written stays. */
export class GpuProcessDied extends LabError {}

/**
 * Asks a process of its own that holds the GPU: what its driver does to that, it does to no other. Throws what it was refused with;
 * GpuProcessDied where it gave no answer.
 */
export function askGpu<Request extends GpuRequest>(
  request: Request,
  { signal, onProgress }: AskOptions = {},
): Promise<AnswerTo<Request>> {
  const child = fork(programPath(), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  const send = (message: ToGpu) => void (child.connected && child.send(message))
  const stop = () => send({ type: 'stop' })
  const { promise, resolve, reject } = Promise.withResolvers<AnswerTo<Request>>()
  // Dawn warns in its own words where it finds no GPU; they belong into the reason, not above it.
  let held: string | undefined = ''
  const show = () => {
    process.stderr.write(held ?? '')
    held = undefined
  }
  child.stderr!.on('data', (text: Buffer) => {
    if (held === undefined) process.stderr.write(text)
    else held += text.toString()
  })
  let refusal: ErrorRecord | undefined
  child.on('message', (message: FromGpu) => {
    if (message.type === 'refused') return (refusal = message.error)
    show()
    if (message.type === 'progress') onProgress?.(message.ended, message.of)
    else resolve(message.answer as AnswerTo<Request>)
  })
  child.on('error', reject)
  child.on('close', (code, end) => {
    const why = dawnsReason(held ?? '')
    if (refusal?.code === 'BACKEND_UNAVAILABLE' && why !== undefined) {
      return reject(LabError.fromRecord({ ...refusal, message: `${refusal.message}: ${why}` }))
    }
    show()
    if (refusal) return reject(LabError.fromRecord(refusal))
    const how = end === null ? `with exit code ${code}` : `of ${end}`
    reject(new GpuProcessDied('BACKEND_UNAVAILABLE', `WebGPU: the process that held the GPU died ${how}`))
  })
  signal?.addEventListener('abort', stop)
  send({ type: 'ask', request })
  if (signal?.aborted) stop()
  return promise.finally(() => signal?.removeEventListener('abort', stop))
}

/** Beside this file when run from source, beside all other scripts when bundled. */
function programPath(): string {
  const name = import.meta.url.endsWith('.ts') ? './gpuProgram.ts' : './sweepOnGpu.js'
  return fileURLToPath(new URL(name, import.meta.url))
}
