import type { SweepSummary } from '../../../shared/contract/sweeps.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { isOffered } from '../../composables/isOffered.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { showToast } from '../../composables/useToasts.ts'
import { countRuns } from '../../formatting/countRuns.ts'
import { request } from '../../lab.ts'

/** Something that can be done to a sweep now. */
export interface SweepVerb {
  label: string
  run: () => Promise<unknown>
}

/** Computes what is missing here, or saves and leaves it; null where neither can be: that of a GPU is computed in the terminal. */
export function goVerb({ id, state, gpu, finished, failed, begun }: SweepSummary): SweepVerb | null {
  if (state === 'computing' && isOffered('sweep.pause'))
    return { label: 'Pause', run: () => act(() => request('sweep.pause', { sweep: id })) }
  if (state !== 'open' || gpu !== null || !isOffered('sweep.run')) return null
  const label = finished + failed + begun > 0 ? 'Continue here' : 'Run here'
  return { label, run: () => act(() => request('sweep.run', { sweep: id })) }
}

/** Takes what has ended into the archive; null where it has all of that. */
export function collectVerb({ id, collected, finished, failed, isCollecting }: SweepSummary): SweepVerb | null {
  const missing = finished + failed - collected
  if (missing <= 0 || isCollecting || !isOffered('sweep.collect')) return null
  return { label: `Collect ${countRuns(missing)}`, run: () => collect(id, false) }
}

/** Takes what is under way as well, as far as it is; null where nothing is. */
export function collectPartiallyVerb({ id, begun, isCollecting }: SweepSummary): SweepVerb | null {
  if (begun === 0 || isCollecting || !isOffered('sweep.collect')) return null
  return { label: `Collect ${countRuns(begun)}, unfinished`, run: () => collect(id, true) }
}

function collect(sweep: string, partial: boolean): Promise<boolean> {
  return act(async () => {
    const { taken, binned, open, partial: asFar, beside, foreign } = await request('sweep.collect', { sweep, partial })
    const parts = [
      `${countRuns(taken)} taken into the archive`,
      ...(binned > 0 ? [`${formatCount(binned)} of those that it had ${binned === 1 ? 'is' : 'are'} in the bin`] : []),
      ...(partial ? [`${formatCount(asFar)} unfinished, which collecting again brings up to date`] : []),
      ...(open > asFar ? [`${formatCount(open - asFar)} others have not ended`] : []),
      ...(beside > 0 ? [`${formatCount(beside)} added beside a copy that was resumed or extended here`] : []),
      ...(foreign.length > 0
        ? [
            `${countThings(foreign.length, 'file')} skipped that ${foreign.length === 1 ? 'is not one' : 'are not'} of its journals`,
          ]
        : []),
    ]
    showToast(parts.join('; '))
  })
}

/** The archive knows it no longer, until its folder is opened again. */
export function forgetSweep({ id, path, name }: SweepSummary): Promise<boolean> {
  return act(async () => {
    await request('sweep.forget', { sweep: id })
    showToast(`${name} is no longer listed; its folder is as it was`, {
      label: 'Undo',
      run: () => request('sweep.open', { path }),
    })
  })
}

const act = withFailureToast
