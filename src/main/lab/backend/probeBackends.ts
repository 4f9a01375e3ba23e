import { describeEnd } from './describeEnd.ts'
import { forkProbe } from './forkProbe.ts'
import type { ProbeReport, ProbeRequest, RunProbe } from './probe.ts'

/**
 * Loads, tests and times backends one after the other, each in a process of its own: a library that ends the process,
 * or does not return within `timeout` milliseconds, is a failure with a reason. What failed once is not tried again on
 * another number of threads. Never throws.
 */
export async function probeBackends(
  requests: readonly ProbeRequest[],
  timeout = 30_000,
  runProbe: RunProbe = forkProbe,
): Promise<ProbeReport[]> {
  const reports: ProbeReport[] = []
  for (const request of requests) {
    const { kind, library } = request
    const failed = reports.find((report) => report.failure && report.kind === kind && report.library === library)
    reports.push(failed ? { ...request, failure: failed.failure! } : await probeBackend(request, timeout, runProbe))
  }
  return reports
}

async function probeBackend(request: ProbeRequest, timeout: number, runProbe: RunProbe): Promise<ProbeReport> {
  const subject = request.library ? `BLAS library '${request.library}'` : `the ${request.kind} backend`
  const fail = (reason: string) => ({ ...request, failure: `${subject} cannot be used: ${reason}` })
  try {
    const outcome = await runProbe(request, timeout)
    if ('report' in outcome) return outcome.report
    if ('timedOut' in outcome) return fail(`it gave no result within ${timeout / 1000} s`)
    return fail(describeEnd(outcome.ended))
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}
