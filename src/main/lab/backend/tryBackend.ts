import { toErrorRecord } from '../../../shared/errors.ts'
import { openBackend } from './openBackend.ts'
import type { ProbeReport, ProbeRequest } from './probe.ts'
import { selfTest } from './selfTest.ts'
import { timeStep } from './timeStep.ts'

/** Loads, tests and times one backend in this process, which may not outlive it. Never throws. */
export async function tryBackend(request: ProbeRequest): Promise<ProbeReport> {
  try {
    const backend = await openBackend(request)
    const { description } = backend
    const failure = selfTest(backend)
    if (failure) return { ...request, description, failure: `${description} computes wrongly: ${failure}` }
    return { ...request, description, seconds: timeStep(backend, request.sizes) }
  } catch (error) {
    return { ...request, failure: toErrorRecord(error).message }
  }
}
