import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { AnalysisKind, AnalysisOptions, AnalysisResult } from '../../shared/analysis.ts'
import type { MatrixData } from '../../shared/run.ts'
import { request } from '../lab.ts'
import { neighbours } from '../../shared/neighbours.ts'
import { RecentlyUsed } from './recentlyUsed.ts'

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

const cacheBytes = 256 * 2 ** 20
const patience = 150
const cache = new RecentlyUsed<unknown>(cacheBytes)
const pending = new Map<string, Promise<unknown>>()

/** A matrix of a run at a step (null: nothing yet), with its neighbours fetched ahead for scrubbing. */
export function useSnapshot(source: SnapshotSource, step: Ref<number | null>, matrix: Ref<string>): Loaded<MatrixData> {
  return useStepped(source, step, (at) => {
    const input = { runId: source.runId.value, step: at, matrix: matrix.value, archive: source.archive.value }
    return { key: `matrix ${Object.values(input).join(' ')}`, load: () => request('run.matrix', input) }
  })
}

/** An analysis of a run's snapshot at a step, with its neighbours computed ahead. */
export function useAnalysis<Kind extends AnalysisKind>(
  source: SnapshotSource,
  step: Ref<number | null>,
  kind: Kind,
  options: () => AnalysisOptions<Kind> = () => ({}) as AnalysisOptions<Kind>,
): Loaded<AnalysisResult<Kind>> {
  return useStepped(source, step, (at) => {
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

function useStepped<Value>(
  source: SnapshotSource,
  step: Ref<number | null>,
  describe: (step: number) => { key: string; load: () => Promise<Value> },
): Loaded<Value> {
  const value = shallowRef<Value | null>(null)
  const shown = shallowRef<number | null>(null)
  const failure = shallowRef<unknown>(null)
  const waiting = shallowRef(false)
  let asked = 0

  watch(
    () => (step.value === null ? null : { step: step.value, ...describe(step.value) }),
    (wanted, previous) => {
      const turn = ++asked
      if (!wanted) {
        value.value = null
        shown.value = null
        return
      }
      if (wanted.key === previous?.key) return
      const show = (loaded: Value) => {
        value.value = loaded
        shown.value = wanted.step
        failure.value = null
        waiting.value = false
      }
      const kept = cache.get(wanted.key) as Value | undefined
      if (kept !== undefined) show(kept)
      else {
        setTimeout(() => (waiting.value ||= turn === asked && shown.value !== wanted.step), patience)
        fetchOnce(wanted).then(
          (loaded) => turn === asked && show(loaded as Value),
          (error: unknown) => {
            if (turn !== asked) return
            failure.value = error
            waiting.value = false
          },
        )
      }
      for (const near of neighbours(source.steps.value, wanted.step, 2)) fetchOnce(describe(near)).catch(() => {})
    },
    { immediate: true },
  )
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

function byteSize(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce<number>((total, part) => total + byteSize(part), 64)
}
