import type { ExperimentSpec } from '../../../shared/experiment.ts'
import { whyNotComputed, type BackendDescription, type BackendKind } from '../../../shared/machine.ts'
import { backendNames } from '../../formatting/backendNames.ts'

/** Nothing asked for: the host takes what it was started with, else what it measured to be the fastest of the processor's. */
export const automatic = 'auto'
export type BackendWish = typeof automatic | BackendKind

export interface BackendChoice {
  value: BackendWish
  label: string
  hint?: string
  disabled?: boolean
}

/** What was found on this machine to compute runs of a specification; a device that does not compute it says why. */
export function backendChoices(spec: ExperimentSpec | null, found: readonly BackendDescription[]): BackendChoice[] {
  const there = found.filter(({ available, kind }) => available && kind !== 'plain')
  return [
    { value: automatic, label: 'Automatic', hint: 'the fastest on the processor, unless started with --backend' },
    ...there.map(({ kind, description }) => {
      const label = backendNames[kind]
      const why = spec && whyNotComputed(spec, kind)
      return why === null
        ? { value: kind, label, hint: description }
        : { value: kind, label, hint: why, disabled: true }
    }),
  ]
}
