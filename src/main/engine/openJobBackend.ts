import { LabError } from '../../shared/errors.ts'
import type { Backend } from '../lab/backend/backend.ts'
import { plainBackend } from '../lab/backend/plain.ts'
import { loadTensorFlow, tensorflowBackend } from '../lab/backend/tensorflow.ts'
import { wasmBackend } from '../lab/backend/wasm/wasmBackend.ts'
import type { RunJob } from './messages.ts'

/** The arithmetic a job asks for, opened. */
export async function openJobBackend({ backend, spec }: RunJob): Promise<Backend> {
  if (backend.kind === 'auto' || backend.kind === 'wasm') return wasmBackend(spec.precision, backend.threads)
  if (backend.kind === 'plain') return plainBackend(spec.precision)
  if (backend.kind === 'tensorflow') {
    return tensorflowBackend(await loadTensorFlow(), await wasmBackend(spec.precision, backend.threads))
  }
  throw new LabError('BACKEND_UNAVAILABLE', `backend: ${JSON.stringify(backend.kind)} is not on this machine`)
}
