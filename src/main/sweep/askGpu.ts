import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LabError } from '../../shared/errors.ts'
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
  const child = fork(programPath(), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const send = (message: ToGpu) => void (child.connected && child.send(message))
  const stop = () => send({ type: 'stop' })
  const { promise, resolve, reject } = Promise.withResolvers<AnswerTo<Request>>()
  child.on('message', (message: FromGpu) => {
    if (message.type === 'progress') onProgress?.(message.ended, message.of)
    else if (message.type === 'answer') resolve(message.answer as AnswerTo<Request>)
    else reject(LabError.fromRecord(message.error))
  })
  child.on('error', reject)
  child.on('close', (code, end) => {
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
