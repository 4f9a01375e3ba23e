import { chatteringChanges } from '../../shared/chattering.ts'
import { isOutcome, LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import type { Measurements } from '../../shared/run.ts'
import type { Interventions } from './interventions/interventions.ts'
import { createLookAhead, type LookAhead, type RunState } from './lookAhead.ts'
import type { Network } from './network/model.ts'

/** Measures which share of the pre-activations chatters, on a schedule of its own. */
export interface ChatteringRecord extends Pick<LookAhead, 'end'> {
  /** The next step after `step` at which it is measured. */
  nextAfter(step: number): number
  measures(step: number): boolean
  measure(state: RunState): Promise<Measurements>
}

/**
 * The record of `record.chattering`: every k-th step, the share of the n·d_h pre-activations of the training samples that change
 * their sign at least three times in the next `ahead` steps (`createLookAhead`); NaN where the run does not come so far, as it
 * would diverge. A pre-activation that slides along a kink, under fixed steps for a share s of them at z > 0, changes sign about
 * 2·min(s, 1 − s)·ahead times: with 20 steps those between s = 0.075 and 0.925 are counted. SCIENCE.md §11.
 */
export function createChatteringRecord(
  network: Network,
  spec: ComposedRunSpec,
  interventions: Interventions,
  { every, ahead }: NonNullable<ComposedRunSpec['record']['chattering']>,
): ChatteringRecord {
  const { signChanges, end } = createLookAhead(network, spec, interventions)
  return {
    end,
    measures: (step) => step % every === 0,
    nextAfter: (step) => (Math.floor(step / every) + 1) * every,
    async measure(state) {
      try {
        return { chatteringShare: chatteringShare(await signChanges(state, ahead)) }
      } catch (failure) {
        if (!(failure instanceof LabError && isOutcome(failure.code))) throw failure
        return { chatteringShare: NaN }
      }
    },
  }
}

/** Of all pre-activations, the share of those that change sign three times or more. */
export function chatteringShare(changes: Uint16Array): number {
  let chattering = 0
  for (const count of changes) if (count >= chatteringChanges) chattering++
  return chattering / changes.length
}
