import { stepOfDecayTimeAfter } from '../../shared/decayTime.ts'
import type { ComposedRunSpec, RunSpec } from '../../shared/experiment.ts'
import { nameThings } from '../../shared/formatting/countThings.ts'

/** Under which a snapshot keeps the step at which its run ends early. */
export const endScalar = 'stop.at'

type Stopped = ComposedRunSpec & { stop: NonNullable<ComposedRunSpec['stop']> }

/** Whether `stop` may end it before its last step. */
export function isStopped(spec: RunSpec): spec is Stopped {
  return 'dynamics' in spec && spec.stop !== undefined
}

/** The step at which a run ends whose event came at a step. */
export function endAfter({ stop, ...run }: Stopped, step: number): number {
  if (stop.steps !== undefined) return step + stop.steps
  return stepOfDecayTimeAfter(run, step, stop.decayTime!) ?? Infinity
}

/** How a run tells that it did. */
export function describeEnd({ stop, dynamics }: Stopped): string {
  const later =
    stop.steps === undefined ? `a decay time of ${stop.decayTime}` : `${stop.steps} ${nameThings(stop.steps, 'step')}`
  return `ended before its ${dynamics.steps} ${nameThings(dynamics.steps, 'step')}, ${later} after "${stop.after}", as asked`
}
