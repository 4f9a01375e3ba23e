import { onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  analysesOverSteps,
  type AnalysisKind,
  type AnalysisOptions,
  type AnalysisResult,
} from '../../shared/analysis.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import { on, request } from '../lab.ts'
import { neighbors } from '../../shared/neighbors.ts'
import { byteSize, RecentlyUsed } from './recentlyUsed.ts'
import { cancelComputations, compute, isCancelled, useComputation, type ComputationProgress } from './useComputation.ts'

/** Which run, in which archive, and its snapshot steps in ascending order. */
export interface SnapshotSource {
  runId: Ref<string>
  archive: Ref<string | undefined>
  steps: Ref<readonly number[]>
}

export interface Loaded<Value> {
  /**
   * What was loaded last; while the step alone moves it stays on screen until the next arrives, so that nothing jumps, but not
   * under the words of another run, matrix or layer.
   */
  value: ShallowRef<Value | null>
  /** The step that `value` is of. */
  step: ShallowRef<number | null>
  failure: ShallowRef<unknown>
}

/** What takes long tells how far it is, can be ended, and asked for again. */
export interface LoadedSlowly<Value> extends Loaded<Value> {
  progress: ComputedRef<ComputationProgress | null>
  cancel: () => void
  again: () => void
}

const cacheBytes = 256 * 2 ** 20
/** What is fetched ahead around a snapshot: of matrices as many as this holds, of analyses the next few. */
const aheadBytes = 64 * 2 ** 20
const aheadAnalyses = 4
/** A step that is looked at for so long is not passed. */
const restMilliseconds = 300
const cache = new RecentlyUsed<unknown>(cacheBytes)
const pending = new Map<string, Promise<unknown>>()

// A run of the same id may come again from a file, computed elsewhere.
on('run.removed', ({ runIds }) => cache.deleteWhere((key) => runIds.some((id) => key.includes(id))))

/** A matrix of a run at a step (null: nothing yet), with those around it fetched ahead for scrubbing. */
export function useSnapshot(source: SnapshotSource, step: Ref<number | null>, matrix: Ref<string>): Loaded<MatrixData> {
  return useStepped(source, step, Infinity, () => {
    const of = { runId: source.runId.value, matrix: matrix.value, archive: source.archive.value }
    return { of: `matrix ${Object.values(of).join(' ')}`, load: (at) => request('run.matrix', { ...of, step: at }) }
  })
}

/** An analysis of a run's snapshot at a step, with its neighbors computed ahead, unless it is one over all of them. */
export function useAnalysis<Kind extends AnalysisKind>(
  source: SnapshotSource,
  step: Ref<number | null>,
  kind: Kind,
  options: () => AnalysisOptions<Kind> = () => ({}) as AnalysisOptions<Kind>,
): Loaded<AnalysisResult<Kind>> {
  const ahead = analysesOverSteps.includes(kind) ? 0 : aheadAnalyses
  return useStepped(source, step, ahead, () => {
    const { of, input } = describeAnalysis(source, kind, options())
    const load = (at: number) => request('analysis.compute', { ...input, step: at }) as Promise<AnalysisResult<Kind>>
    return { of, load }
  })
}

/**
 * An analysis of a run's snapshot that takes long. One of a kind is computed at a time: it begins where the step rests, ends where it
 * is left for another, and goes on while another view is open. Where the step `follows` a live run, what is under way is let end, and
 * the newest step is next.
 */
export function useSlowAnalysis<Kind extends AnalysisKind>(
  source: SnapshotSource,
  step: Ref<number | null>,
  kind: Kind,
  options: () => AnalysisOptions<Kind>,
  follows: () => boolean,
): LoadedSlowly<AnalysisResult<Kind>> {
  const attempt = shallowRef(0)
  const requested = shallowRef<number | null>(null)
  const describe = () => {
    const { of, input } = describeAnalysis(source, kind, options())
    const load = (at: number) =>
      compute(keyOf(of, at), ({ name }) =>
        request('analysis.compute', { ...input, step: at, computation: name }),
      ) as Promise<AnalysisResult<Kind>>
    return { of, attempt: attempt.value, load }
  }
  const keyAt = (at: number) => keyOf(describe().of, at)
  const { busy, ...loaded } = useStepped(source, requested, 0, describe)
  const { progress, cancel } = useComputation(() => (requested.value === null ? [] : [keyAt(requested.value)]))

  let timer: ReturnType<typeof setTimeout> | undefined
  function go(to: number | null) {
    requested.value = to
    // Without a step, as before the snapshots are read, nothing was left for another.
    if (to !== null) cancelComputations((key) => key.startsWith(`${kind} `) && key !== keyAt(to))
  }
  watch(
    [step, busy, follows, () => describe().of] as const,
    ([to, isBusy, isFollowing, of], [, , , before]) => {
      clearTimeout(timer)
      const isThere = to === null || cache.has(keyOf(of, to))
      if (isThere || requested.value === null || of !== before) return go(to)
      if (to === requested.value) return
      if (!isFollowing) timer = setTimeout(() => go(to), restMilliseconds)
      else if (!isBusy && !isCancelled(loaded.failure.value)) go(to)
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { ...loaded, progress, cancel, again: () => attempt.value++ }
}

function describeAnalysis(source: SnapshotSource, kind: AnalysisKind, options: object) {
  const [runId, archive] = [source.runId.value, source.archive.value]
  return {
    of: `${kind} ${runId} ${JSON.stringify(options)} ${archive}`,
    input: { runId, kind, options: options as Record<string, unknown>, archive },
  }
}

function useStepped<Value>(
  source: SnapshotSource,
  step: Ref<number | null>,
  ahead: number,
  /** What is looked at, whichever the step. */
  describe: () => { of: string; attempt?: number; load: (step: number) => Promise<Value> },
): Loaded<Value> & { /** Until the answer is there. */ busy: ShallowRef<boolean> } {
  const value = shallowRef<Value | null>(null)
  const shown = shallowRef<number | null>(null)
  const failure = shallowRef<unknown>(null)
  const busy = shallowRef(false)
  let requested = 0

  function show(loaded: Value | null, at: number | null, error: unknown = null) {
    value.value = loaded
    shown.value = at
    failure.value = error
    busy.value = false
  }
  const isAlike = (one: ReturnType<typeof describe>, other: ReturnType<typeof describe>) =>
    one.of === other.of && one.attempt === other.attempt
  watch(
    () => (step.value === null ? null : { step: step.value, ...describe() }),
    (needed, previous) => {
      if (needed && previous && needed.step === previous.step && isAlike(needed, previous)) return
      const turn = ++requested
      if (!needed) return show(null, null)
      const kept = cache.get(keyOf(needed.of, needed.step)) as Value | undefined
      if (kept !== undefined) {
        show(kept, needed.step)
        void fetchAround(needed.step, turn)
        return
      }
      if (needed.of !== previous?.of) show(null, null)
      failure.value = null
      busy.value = true
      fetchOnce(needed, needed.step).then(
        (loaded) => {
          if (turn !== requested) return
          show(loaded as Value, needed.step)
          void fetchAround(needed.step, turn)
        },
        // What was shown before is not taken for what there is none of.
        (error: unknown) => turn === requested && show(null, null, error),
      )
    },
    { immediate: true },
  )
  /** One after the other, the nearest first, until the person moves on; what fails will say so when it is looked at. */
  async function fetchAround(middle: number, turn: number) {
    let bytes = 0
    for (const near of neighbors(
      source.steps.value,
      middle,
      Math.ceil(Math.min(ahead, source.steps.value.length) / 2),
    )) {
      if (turn !== requested || bytes > aheadBytes) return
      bytes += byteSize(await fetchOnce(describe(), near).catch(() => null))
    }
  }

  onScopeDispose(() => requested++)
  return { value, step: shown, failure, busy }
}

function keyOf(of: string, step: number): string {
  return `${of} ${step}`
}

function fetchOnce(
  { of, load }: { of: string; load: (step: number) => Promise<unknown> },
  step: number,
): Promise<unknown> {
  const key = keyOf(of, step)
  if (cache.has(key)) return Promise.resolve(cache.get(key))
  const running = pending.get(key)
  if (running) return running
  const promise = load(step)
    .then((value) => {
      cache.set(key, value, byteSize(value))
      return value
    })
    .finally(() => pending.delete(key))
  pending.set(key, promise)
  return promise
}
