import type { BackendSelection, ChoiceRequest } from '../messages.ts'
import type { Caller } from './caller.ts'

/** Below so many multiply-adds a step, calls and threads cost more than any library gains. */
const worthChoosing = 2e6

/** Settles the arithmetic of a job: what was asked for, else the fastest at its sizes on this machine, as a worker finds it. */
export async function chooseArithmetic(caller: Caller, request: ChoiceRequest): Promise<BackendSelection> {
  const { kind, threads } = request.backend
  if (kind !== 'auto' && kind !== 'blas' && threads !== undefined) return { kind, threads, reason: 'asked for' }
  if (kind === 'auto' && request.multiplyAddsPerStep < worthChoosing) {
    return { kind: 'wasm', threads: threads ?? 1, reason: 'a step this small gains nothing from another backend' }
  }
  return caller.call('machine.choose', request)
}
