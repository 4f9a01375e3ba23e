import { fork } from 'node:child_process'
import { blasEnvironment } from './blas/blasEnvironment.ts'
import { locateBeside } from './locateBeside.ts'
import type { ProbeOutcome, ProbeReport, ProbeRequest } from './probe.ts'

/** Tries one backend in a Node process of its own, for at most `timeout` milliseconds. */
export function forkProbe(request: ProbeRequest, timeout: number): Promise<ProbeOutcome> {
  const child = fork(locateBeside(import.meta.url, ['probeEntry.ts', 'probeEntry.js']), [JSON.stringify(request)], {
    env: { ...process.env, ...blasEnvironment(request.threads) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout,
    killSignal: 'SIGKILL',
  })
  let lastWords = ''
  let report: ProbeReport | undefined
  child.stderr!.on('data', (text: Buffer) => (lastWords = (lastWords + text.toString()).slice(-10_000)))
  return new Promise((resolve, reject) => {
    child.once('message', (message) => (report = message as ProbeReport))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (report) resolve({ report, lastWords })
      else resolve(signal === 'SIGKILL' ? { timedOut: true } : { ended: { code, signal, lastWords } })
    })
  })
}
