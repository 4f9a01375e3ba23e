import { devices, isTrainingDevice, type Device, type DeviceDescription } from '../../../shared/machine.ts'
import { describeEnd } from './describeEnd.ts'
import type { RunProbe } from './probe.ts'
import type { ProblemSizes } from './timeStep.ts'

const timeout = 180_000

/**
 * Loads, tests and times a device in a process of its own, which a driver may end: what was found, and the end of what was
 * written on standard error.
 */
export async function describeDevice(
  kind: Device,
  sizes: ProblemSizes,
  runProbe: RunProbe,
): Promise<{ found: DeviceDescription; lastWords: string }> {
  const precision = isTrainingDevice(kind) ? 'float32' : 'float64'
  const outcome = await runProbe({ kind, threads: 1, precision, sizes }, timeout)
  if ('timedOut' in outcome) {
    return { found: { available: false, reason: `it gave no result within ${timeout / 1000} s` }, lastWords: '' }
  }
  if ('ended' in outcome) {
    const reason = describeEnd(outcome.ended, (line) => /\b(error|failed|terminate)\b/i.test(line))
    const { lastWords } = outcome.ended
    return { found: { available: false, reason }, lastWords }
  }
  const { report, lastWords } = outcome
  const { description, seconds, failure, install, advice } = report
  if (seconds !== undefined) return { found: { available: true, device: description!, seconds }, lastWords }
  const reason = failure!.replace(`${devices[kind]}: `, '')
  return { found: { available: false, reason, install, advice }, lastWords }
}
