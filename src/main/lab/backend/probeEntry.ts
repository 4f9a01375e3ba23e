import { toErrorRecord } from '../../../shared/errors.ts'
import { openBackend } from './openBackend.ts'
import type { ProbeReport, ProbeRequest } from './probeBackends.ts'
import { selfTest } from './selfTest.ts'
import { timeStep } from './timeStep.ts'

/* The process that `probeBackends` starts: loads, tests and times one backend, reports, and ends. */
const request = JSON.parse(process.argv[2]!) as ProbeRequest
const report = await probe()
process.send!(report, () => process.exit())

async function probe(): Promise<ProbeReport> {
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
