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
import { compute, useComputation, type ComputationProgress } from './useComputation.ts'

/** Which run, in which archive, and its snapshot steps in ascending order. */
export interface SnapshotSource {
  runId: Ref<string>
  archive: Ref<string | undefined>
  steps: Ref<readonly number[]>
}

export interface Loaded<Value> {
  /** What was loaded last; it stays on screen until the next arrives, so that nothing jumps. */
  value: ShallowRef<Value | null>
  /** The step that `value` is of. */
  step: ShallowRef<number | null>
  failure: ShallowRef<unknown>
  /** True from a moment after the request until its answer. */
  waiting: ShallowRef<boolean>
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
const patience = 150
const cache = new RecentlyUsed<unknown>(cacheBytes)
const pending = new Map<string, Promise<unknown>>()

// A run of the same id may come again from a file, computed elsewhere.
on('run.removed', ({ runIds }) => cache.deleteWhere((key) => runIds.some((id) => key.includes(id))))

/** A matrix of a run at a step (null: nothing yet), with those around it fetched ahead for scrubbing. */
export function useSnapshot(source: SnapshotSource, step: Ref<number | null>, matrix: Ref<string>): Loaded<MatrixData> {
  return useStepped(source, step, Infinity, (at) => {
    const input = { runId: source.runId.value, step: at, matrix: matrix.value, archive: source.archive.value }
    return { key: `matrix ${Object.values(input).join(' ')}`, load: () => request('run.matrix', input) }
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
  return useStepped(source, step, ahead, (at) => {
    const input = {
      runId: source.runId.value,
      step: at,
      kind,
      options: options() as Record<string, unknown>,
      archive: source.archive.value,
    }
    const key = `${kind} ${input.runId} ${at} ${JSON.stringify(input.options)} ${input.archive}`
    return { key, load: () => request('analysis.compute', input) as Promise<AnalysisResult<Kind>> }
  })
}

/** An analysis of a run's snapshot that takes long: it goes on while another view is open. */
export function useSlowAnalysis<Kind extends AnalysisKind>(
  source: SnapshotSource,
  step: Ref<number | null>,
  kind: Kind,
  options: () => AnalysisOptions<Kind>,
): LoadedSlowly<AnalysisResult<Kind>> {
  const attempt = shallowRef(0)
  const describe = (at: number) => {
    const [runId, archive] = [source.runId.value, source.archive.value]
    const input = { runId, step: at, kind, options: options() as Record<string, unknown>, archive }
    const key = `${kind} ${runId} ${at} ${JSON.stringify(input.options)} ${archive}`
    const load = () =>
      compute(key, ({ name }) => request('analysis.compute', { ...input, computation: name })) as Promise<
        AnalysisResult<Kind>
      >
    return { key, attempt: attempt.value, load }
  }
  const loaded = useStepped(source, step, 0, describe)
  const { progress, cancel } = useComputation(() => (step.value === null ? [] : [describe(step.value).key]))
  return { ...loaded, progress, cancel, again: () => attempt.value++ }
}

function useStepped<Value>(
  source: SnapshotSource,
  step: Ref<number | null>,
  ahead: number,
  describe: (step: number) => { key: string; attempt?: number; load: () => Promise<Value> },
): Loaded<Value> {
  const value = shallowRef<Value | null>(null)
  const shown = shallowRef<number | null>(null)
  const failure = shallowRef<unknown>(null)
  const waiting = shallowRef(false)
  let requested = 0

  watch(
    () => (step.value === null ? null : { step: step.value, ...describe(step.value) }),
    (needed, previous) => {
      if (needed && needed.key === previous?.key && needed.attempt === previous.attempt) return
      const turn = ++requested
      if (!needed) {
        value.value = null
        shown.value = null
        return
      }
      const show = (loaded: Value) => {
        value.value = loaded
        shown.value = needed.step
        failure.value = null
        waiting.value = false
      }
      const kept = cache.get(needed.key) as Value | undefined
      if (kept !== undefined) {
        show(kept)
        void fetchAround(needed.step, turn)
        return
      }
      failure.value = null
      setTimeout(() => (waiting.value ||= turn === requested && shown.value !== needed.step), patience)
      fetchOnce(needed).then(
        (loaded) => {
          if (turn !== requested) return
          show(loaded as Value)
          void fetchAround(needed.step, turn)
        },
        (error: unknown) => {
          if (turn !== requested) return
          // What was shown before is not taken for what there is none of.
          value.value = null
          shown.value = null
          failure.value = error
          waiting.value = false
        },
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
      bytes += byteSize(await fetchOnce(describe(near)).catch(() => null))
    }
  }

  onScopeDispose(() => requested++)
  return { value, step: shown, failure, waiting }
}

function fetchOnce({ key, load }: { key: string; load: () => Promise<unknown> }): Promise<unknown> {
  if (cache.has(key)) return Promise.resolve(cache.get(key))
  const running = pending.get(key)
  if (running) return running
  const promise = load()
    .then((value) => {
      cache.set(key, value, byteSize(value))
      return value
    })
    .finally(() => pending.delete(key))
  pending.set(key, promise)
  return promise
}
