import { fork } from 'node:child_process'
import { blasEnvironment } from './blas/blasEnvironment.ts'
import { locateBeside } from './locateBeside.ts'
import type { BackendSelection } from './openBackend.ts'
import type { ProblemSizes } from './timeStep.ts'

export interface ProbeRequest extends BackendSelection {
  readonly sizes: ProblemSizes
}

/** What a probe found: the seconds of one step, or why the backend cannot be used. */
export interface ProbeReport extends ProbeRequest {
  readonly description?: string
  readonly seconds?: number
  readonly failure?: string
}

/**
 * Loads, tests and times backends one after the other, each in a process of its own: a library that ends the process,
 * or does not return within `timeout` milliseconds, is a failure with a reason. What failed once is not tried again on
 * another number of threads. Never throws.
 */
export async function probeBackends(requests: readonly ProbeRequest[], timeout = 30_000): Promise<ProbeReport[]> {
  const reports: ProbeReport[] = []
  for (const request of requests) {
    const { kind, library } = request
    const failed = reports.find((report) => report.failure && report.kind === kind && report.library === library)
    reports.push(failed ? { ...request, failure: failed.failure! } : await probeBackend(request, timeout))
  }
  return reports
}

function probeBackend(request: ProbeRequest, timeout: number): Promise<ProbeReport> {
  const subject = request.library ? `BLAS library '${request.library}'` : `the ${request.kind} backend`
  return new Promise((resolve) => {
    const fail = (reason: string) => resolve({ ...request, failure: `${subject} cannot be used: ${reason}` })
    try {
      const child = fork(locateBeside(import.meta.url, ['probeEntry.ts', 'probeEntry.js']), [JSON.stringify(request)], {
        env: { ...process.env, ...blasEnvironment(request.threads) },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        timeout,
        killSignal: 'SIGKILL',
      })
      let lastWords = ''
      child.stderr!.on('data', (text: Buffer) => (lastWords = (lastWords + text.toString()).slice(-500)))
      child.once('message', (report) => resolve(report as ProbeReport))
      child.once('error', (error) => fail(error.message))
      child.once('close', (code, signal) => fail(ending(code, signal, lastWords)))
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error))
    }
  })

  function ending(code: number | null, signal: string | null, lastWords: string): string {
    if (signal === 'SIGKILL') return `it gave no result within ${timeout / 1000} s`
    const words = lastWords.trim().split('\n').at(-1)
    return `it ended the process that tried it (${signal ?? `exit code ${code}`})${words ? `: ${words}` : ''}`
  }
}
