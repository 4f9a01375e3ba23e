import {
  computed,
  inject,
  onScopeDispose,
  provide,
  shallowReactive,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from 'vue'
import type { MeasurementName } from '../../../shared/measurements.ts'
import {
  endOf,
  isSettled,
  type CheckedRun,
  type Curve,
  type RunSummary,
  type SnapshotDescription,
} from '../../../shared/run.ts'
import { shelfOf } from '../../../shared/query/runTable.ts'
import { clockAt, clockOf } from '../../../shared/runClock.ts'
import { measurementsOf, studyOfFacets } from '../../../shared/studies/studies.ts'
import type { TrackAxis } from '../../components/trackAxis.ts'
import { isOwnReadOnly } from '../../composables/isOffered.ts'
import { useNewerRuns } from '../../composables/useNewerRuns.ts'
import { useProgress, type Progress } from '../../composables/useProgress.ts'
import { useRunCurves, type CurveSource, type RunCurveStore } from '../../composables/useRunCurves.ts'
import { useRunList } from '../../composables/useRunList.ts'
import { withMeasured } from '../../composables/withMeasured.ts'
import type { SnapshotSource } from '../../composables/useSnapshot.ts'
import { printableRun } from '../../../shared/formatting/printableRun.ts'
import { generation, on, request } from '../../lab.ts'
import { furthestCurve } from '../../../shared/curves/curvePanels.ts'
import type { RunAxis } from '../../../shared/curves/horizontalAxis.ts'
import { stepTrack } from './stepTrack.ts'
import { createPlayhead, type Playhead } from './usePlayhead.ts'

/** What every panel of a run reads from. */
export interface RunContext {
  runId: Ref<string>
  archive: Ref<string | undefined>
  /** Runs of an archive opened beside one's own, or served to be read only, can only be looked at. */
  readOnly: ComputedRef<boolean>
  summary: ComputedRef<RunSummary | undefined>
  detail: Ref<CheckedRun | null>
  /** Whether a newer version made it, or one of its siblings: what one made can be looked at, and not gone on with. */
  isNewer: (runId: string) => boolean
  failure: Ref<unknown>
  /** The runs of its experiment by seed, itself among them; a run in the bin stands alone. */
  siblings: ComputedRef<RunSummary[]>
  /** The curves that more than one panel shows, of all siblings. */
  curves: RunCurveStore
  /** Which measurements these are. */
  shared: ComputedRef<readonly MeasurementName[]>
  /** The curves of some runs for a panel. */
  readCurves: (source: CurveSource) => RunCurveStore
  /** Why some of the curves that are shown cannot be read; null where all can be. */
  curveFailure: ComputedRef<unknown>
  snapshots: Ref<readonly SnapshotDescription[]>
  snapshotSource: SnapshotSource
  playhead: Playhead
  /** What the curves of the view that is shown stand on: as it was chosen, in whichever view, or as that view usually has it. */
  axis: Ref<RunAxis>
  /** The same for the track of the clock. */
  track: Readonly<Ref<TrackAxis>>
  /** As far as the furthest of the shown runs has come. */
  now: Readonly<Ref<Pick<RunSummary, 'step' | 'tau'>>>
  /** The rows that tell the clock at a step: of the one of the shown runs that has come furthest. */
  clockRows: Readonly<Ref<Curve | null>>
  /** The decay time at which the last of the shown runs ends; null until the specification is read. */
  tauAtEnd: Readonly<Ref<number | null>>
  progress: Ref<ReadonlyMap<string, Progress>>
}

const sharedMeasurements: readonly MeasurementName[] = [
  'testAccuracy',
  'trainAccuracy',
  'testMse',
  'trainLoss',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
  'trainMse',
  'testCrossEntropy',
  'trainCrossEntropy',
  'testMargin',
  'trainMargin',
  'distanceToZeroLoss',
  'weight1',
  'weight2',
]
/** More runs of one experiment than this are not drawn together. */
export const maxTogether = 50

const key: InjectionKey<RunContext> = Symbol('run')

export function useRun(): RunContext {
  const context = inject(key)
  if (!context) throw new Error('useRun is for the panels of a RunView')
  return context
}

/**
 * Reads a run and keeps up with it, for itself and the panels below. `together`: the clock runs for all siblings; `usualAxis`:
 * what the curves stand on before a person chooses.
 */
export function provideRun(
  runId: Ref<string>,
  archive: Ref<string | undefined>,
  { together, usualAxis }: { together: Ref<boolean>; usualAxis: Ref<RunAxis> },
): RunContext {
  const inArchive = () => (archive.value === undefined ? {} : { archive: archive.value })
  const own = useRunList(() => ({ ...inArchive(), runIds: [runId.value] }))
  const detail = shallowRef<CheckedRun | null>(null)
  const failure = shallowRef<unknown>(null)
  const snapshots = shallowRef<readonly SnapshotDescription[]>([])
  const snapshotsRead = shallowRef(false)
  const progress = useProgress(() => archive.value)
  const experimentId = shallowRef<string>()
  const experiment = useRunList(() =>
    experimentId.value === undefined
      ? null
      : { ...inArchive(), experimentIds: [experimentId.value], where: 'not is:binned', limit: maxTogether + 1 },
  )
  // Another seed is known at once, from its experiment.
  const listed = computed(() => own.find(runId.value) ?? experiment.find(runId.value))
  const summary = computed(() => listed.value ?? (detail.value?.id === runId.value ? detail.value : undefined))
  watch(
    () => summary.value?.experimentId,
    (id) => (experimentId.value = id),
  )
  const siblings = computed(() => {
    if (!summary.value) return []
    if (shelfOf(summary.value) === 'bin') return [summary.value]
    const all = experiment.runs.value
      .filter((run) => shelfOf(run) !== 'bin' && run.experimentId === summary.value?.experimentId)
      .toSorted((a, b) => a.seed - b.seed)
    return all.length === 0 || all.length > maxTogether ? [summary.value] : all
  })

  const isNewerSibling = useNewerRuns(() =>
    archive.value === undefined ? siblings.value.filter(({ status }) => isSettled(status)).map(({ id }) => id) : [],
  )

  let turn = 0
  async function read(anew: boolean) {
    const requested = ++turn
    const input = { runId: runId.value, archive: archive.value }
    if (anew) {
      detail.value = null
      snapshots.value = []
      snapshotsRead.value = false
    }
    try {
      const [shown, list] = await Promise.all([request('run.show', input), request('run.snapshots', input)])
      if (requested !== turn) return
      detail.value = printableRun(shown)
      snapshots.value = list
      failure.value = null
    } catch (error) {
      if (requested === turn) failure.value = error
    } finally {
      if (requested === turn) snapshotsRead.value = true
    }
  }
  watch([runId, archive], () => read(true), { immediate: true })
  /** Whether more has become of it than was read. */
  const isBehind = computed(() => {
    const [known, now] = [detail.value, listed.value]
    return known?.id === now?.id && (known?.status !== now?.status || known?.steps !== now?.steps)
  })
  watch(
    [generation, isBehind, () => listed.value?.status, () => listed.value?.steps],
    ([missed], [before]) => (missed !== before || isBehind.value) && read(false),
  )

  const ends = [
    on('run.snapshotSaved', ({ runId: id, snapshot }) => {
      if (id !== runId.value || archive.value !== undefined) return
      snapshots.value = [...snapshots.value.filter(({ step }) => step !== snapshot.step), snapshot].sort(
        (a, b) => a.step - b.step,
      )
    }),
    on('run.measured', (rows) => {
      if (detail.value && archive.value === undefined) detail.value = withMeasured(detail.value, rows)
    }),
  ]
  onScopeDispose(() => ends.forEach((end) => end()))

  // Rows come before the progress that they were measured in: the clock is never behind the curves beside it.
  const reachedBy = (run: RunSummary) =>
    [progress.value.get(run.id), curves.curves.value.get(run.id)?.end].reduce<Pick<RunSummary, 'step' | 'tau'>>(
      (furthest, told) => (told && told.step > furthest.step ? told : furthest),
      run,
    )
  const shown = computed(() => (together.value ? siblings.value : summary.value ? [summary.value] : []))
  const stops = computed(() => snapshots.value.map(({ step }) => step))
  const study = computed(() => studyOfFacets(summary.value?.facets ?? {}))
  const chosenAxis = shallowRef<RunAxis | null>(null)
  const axis = computed({
    get: () => chosenAxis.value ?? (study.value ? 'tau' : usualAxis.value),
    set: (to) => (chosenAxis.value = to),
  })
  const shared = computed(() => (study.value ? measurementsOf(study.value) : sharedMeasurements))
  const stores = shallowReactive(new Set<RunCurveStore>())
  function readCurves(source: CurveSource): RunCurveStore {
    const store = useRunCurves(source)
    stores.add(store)
    onScopeDispose(() => stores.delete(store))
    return store
  }
  const curves = readCurves({
    runIds: computed(() => siblings.value.map(({ id }) => id)),
    measurements: shared,
    archive,
  })
  const end = computed(() => Math.max(1, ...shown.value.map(endOf)))
  const tauAtEnd = computed(() => {
    const own = summary.value
    const run = [own, ...shown.value].find((each) => each && endOf(each) === end.value) ?? own
    // Seeds of an experiment share their dynamics, and so how their clock goes.
    const spec = detail.value?.id === own?.id ? detail.value?.spec : undefined
    if (!run || run.status === 'finished') return run?.tau ?? 0
    return spec ? clockAt(spec, end.value) : null
  })
  const now = computed(() => {
    const all = shown.value.map(reachedBy)
    return all.reduce((furthest, each) => (each.step > furthest.step ? each : furthest), all[0] ?? { step: 0, tau: 0 })
  })
  // What every such run measures.
  const clockRows = computed(() =>
    furthestCurve({ runs: shown.value, curves: curves.curves.value }, study.value ? shared.value[0]! : 'trainLoss'),
  )
  const track = computed(() =>
    stepTrack(axis.value, {
      curve: clockRows.value,
      clock: clockOf(summary.value?.facets ?? {}),
      end: end.value,
      tauAtEnd: tauAtEnd.value ?? 0,
    }),
  )
  const playhead = createPlayhead({
    reached: computed(() => now.value.step),
    end,
    stops,
    ready: snapshotsRead,
    track,
  })
  // Another seed is looked at where the last one was; another experiment from its end.
  watch(() => summary.value?.experimentId, playhead.toEnd)

  const context: RunContext = {
    runId,
    archive,
    readOnly: computed(() => archive.value !== undefined || isOwnReadOnly.value),
    summary,
    detail,
    isNewer: (id) => (detail.value?.id === id ? typeof detail.value.newer === 'string' : isNewerSibling(id)),
    failure,
    siblings,
    curves,
    shared,
    readCurves,
    curveFailure: computed(() => [...stores].find(({ failure }) => failure.value !== null)?.failure.value ?? null),
    snapshots,
    snapshotSource: { runId, archive, steps: stops },
    playhead,
    axis,
    track,
    now,
    clockRows,
    tauAtEnd,
    progress,
  }
  provide(key, context)
  return context
}
