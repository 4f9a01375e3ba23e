import type { TensorFlowDescription } from '../../../shared/machine.ts'
import { findTensorFlow, installation } from '../backend/findTensorFlow.ts'
import { forkProbe } from '../backend/forkProbe.ts'
import type { ProbeOutcome, RunProbe } from '../backend/probe.ts'
import type { ProblemSizes } from '../backend/timeStep.ts'

/**
 * Looks for TensorFlow, and where all of it is there loads, tests and times it in a process of its own: some versions end the
 * process where a library of CUDA is missing.
 */
export async function describeTensorFlow(
  sizes: ProblemSizes,
  runProbe: RunProbe = forkProbe,
): Promise<TensorFlowDescription> {
  const { missing, place } = await findTensorFlow()
  if (missing) return { available: false, ...missing, ...(place !== undefined && { place }) }
  const timeout = 180_000
  const outcome = await runProbe({ kind: 'tensorflow', threads: 1, precision: 'float32', sizes }, timeout)
  if ('timedOut' in outcome) return { available: false, reason: `it gave no result within ${timeout / 1000} s` }
  if ('report' in outcome && outcome.report.seconds !== undefined) {
    return { available: true, device: outcome.report.description!, seconds: outcome.report.seconds }
  }
  const libraries = librariesMissing(outcome)
  const { reason, install } = failureOf(outcome)
  if (libraries.length === 0) return { available: false, reason, ...(install && { install }) }
  return {
    available: false,
    reason: `${reason}; not found: ${libraries.join(', ')}`,
    part: 'cuda',
    place: place!,
    install: installation,
  }
}

type Failure = Exclude<ProbeOutcome, { timedOut: true }>

function failureOf(outcome: Failure): { reason: string; install?: string | undefined } {
  if ('report' in outcome) {
    const { failure, install } = outcome.report
    return { reason: failure!.replace(/^TensorFlow: /, ''), install }
  }
  const { code, signal, lastWords } = outcome.ended
  const words = lastWords.split('\n').findLast((line) => /\b(error|failed|terminate)\b/i.test(line))
  return { reason: `it ended the process that tried it (${signal ?? `exit code ${code}`})${words ? `: ${words}` : ''}` }
}

/** As TensorFlow's loader names them where it is told to (TF_CPP_VMODULE=dso_loader=1). */
function librariesMissing(outcome: Failure): string[] {
  const text = 'report' in outcome ? outcome.lastWords : outcome.ended.lastWords
  return [...new Set([...text.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name!))]
}
