import { createRenderer, effectScope, h, nextTick, ref, type App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunAxis } from '../../../../src/shared/curves/horizontalAxis.ts'
import { maxTogether, provideRun, useRun, type RunContext } from '../../../../src/renderer/views/run/useRun.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { CheckedRun, RunSummary, SnapshotDescription } from '../../../../src/shared/run.ts'
import { generation, host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

/** A page without a document: nothing is drawn here. */
const { createApp } = createRenderer<object, object>({
  ...{ createElement: () => ({}), createText: () => ({}), createComment: () => ({}) },
  ...{ setText() {}, setElementText() {}, insert() {}, remove() {}, patchProp() {} },
  ...{ parentNode: () => null, nextSibling: () => null },
})

const spec = toRunSpec(
  parseExperiment({
    task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
    network: { hidden: 512 },
    dynamics: { kind: 'isolated', steps: 5000 },
  }),
  0,
)
const shownRun = (run: RunSummary): CheckedRun => ({
  ...{
    ...run,
    spec,
    foreignSpec: null,
    advice: null,
    provenance: null,
    report: null,
    notes: '',
    train: null,
    measured: [],
  },
  ...{ integrity: { hash: 'same', findings: [] }, newer: null, repetitions: [] },
})
const snapshotAt = (step: number): SnapshotDescription => ({
  step,
  tau: step / 1000,
  reason: 'scheduled',
  matrices: [],
})

describe('a run that is shown', () => {
  let app: App
  let run: RunContext
  let inPanel: RunContext
  const runId = ref('a')
  const archive = ref<string>()
  const together = ref(true)
  const usualAxis = ref<RunAxis>('step')
  const snapshots = () => run.snapshots.value.map(({ step }) => step)

  /** What the host says of a run, to whatever was asked last. */
  async function answerShown(summary: RunSummary, steps: number[]) {
    host.last('run.show').answer(shownRun(summary))
    host.last('run.snapshots').answer(steps.map(snapshotAt))
    await vi.advanceTimersByTimeAsync(0)
  }
  async function answerLists(own: RunSummary[], experiment: RunSummary[]) {
    const isOwn = ({ input }: { input: Record<string, unknown> }) => input['runIds'] !== undefined
    host.requested('run.list').findLast(isOwn)!.answer({ runs: own, total: own.length })
    await vi.advanceTimersByTimeAsync(0)
    host
      .requested('run.list')
      .findLast((requested) => !isOwn(requested))!
      .answer({ runs: experiment, total: experiment.length })
    await vi.advanceTimersByTimeAsync(0)
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('document', { hidden: false })
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, 16))
    host.forget()
    runId.value = 'a'
    archive.value = undefined
    const Panel = { setup: () => ((inPanel = useRun()), () => null) }
    const View = { setup: () => ((run = provideRun(runId, archive, { together, usualAxis })), () => h(Panel)) }
    app = createApp(View)
    app.mount({})
    await nextTick()
  })
  afterEach(async () => {
    app.unmount()
    await vi.advanceTimersByTimeAsync(1000)
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  const a = runSummary({ id: 'a', seed: 1 })
  const b = runSummary({ id: 'b', seed: 0 })

  it('is what every panel below it reads, and of no other view', () => {
    expect(inPanel).toBe(run)
    const Outside = { setup: () => (useRun(), () => null) }
    const outside = createApp(Outside)
    outside.config.warnHandler = () => undefined
    expect(() => outside.mount({})).toThrow('useRun is for the panels of a RunView')
  })

  it('is known by its summary at once, by all else once that is read, and with its siblings by seed', async () => {
    const binned = runSummary({ id: 'c', seed: 7, binnedAt: 1 })
    expect([run.summary.value, run.detail.value]).toEqual([undefined, null])
    await answerLists([a], [a, binned, b])
    expect([run.summary.value?.id, run.detail.value]).toEqual(['a', null])
    expect(run.siblings.value.map(({ id }) => id)).toEqual(['b', 'a'])
    await answerShown(a, [0, 100])
    expect([run.detail.value?.id, snapshots(), run.readOnly.value]).toEqual(['a', [0, 100], false])
    await vi.advanceTimersByTimeAsync(100)
    expect(host.watched()).toEqual(expect.arrayContaining(['a', 'b']))
  })

  it('is newer or not by itself, and so is each of its siblings, those of one’s own archive', async () => {
    const running = runSummary({ id: 'c', seed: 2, status: 'running' })
    await answerLists([a], [a, b, running])
    expect(host.last('run.newer').input).toEqual({ runIds: ['b', 'a'] })
    host.last('run.newer').answer({ runIds: ['b'] })
    await answerShown(a, [])
    expect(['a', 'b', 'c'].map(run.isNewer)).toEqual([false, true, false])
    archive.value = 'other'
    host.forget()
    await nextTick()
    await answerLists([runSummary({ id: 'a' })], [runSummary({ id: 'a' }), runSummary({ id: 'd' })])
    expect(host.requested('run.newer')).toEqual([])
    host.last('run.show').answer({ ...shownRun(runSummary({ id: 'a' })), newer: 'made by a newer version' })
    host.last('run.snapshots').answer([])
    await vi.advanceTimersByTimeAsync(0)
    expect(['a', 'd'].map(run.isNewer)).toEqual([true, false])
  })

  it('has its clock at once, before curves and specification are there, and knows only then where it ends', async () => {
    await answerLists([runSummary({ ...a, status: 'running', step: 1_000_000, tau: 2500 })], [])
    expect([run.playhead.step.value, run.now.value.tau, run.tauAtEnd.value]).toEqual([1_000_000, 2500, null])
    await answerShown(a, [])
    expect(run.tauAtEnd.value).toBeGreaterThan(0)
  })

  it('has its clock where its curves end, though its progress is told later', async () => {
    const live = runSummary({ ...a, status: 'running', step: 10, tau: 0.01 })
    await answerLists([live], [live])
    const rows = (steps: number[]) => ({
      step: Float64Array.from(steps),
      tau: Float64Array.from(steps, (step) => step / 1000),
      seconds: Float64Array.from(steps),
    })
    const value = Float64Array.of(3, 2)
    host.last('run.curves').answer([{ runId: 'a', curves: { trainLoss: { ...rows([0, 20]), value } } }])
    await vi.advanceTimersByTimeAsync(0)
    expect([run.now.value, run.playhead.step.value]).toEqual([{ step: 20, tau: 0.02 }, 20])
    host.emit('run.measured', { runId: 'a', ...rows([30, 40]), values: { trainLoss: value } })
    await vi.advanceTimersByTimeAsync(200)
    expect([run.now.value, run.playhead.step.value]).toEqual([{ step: 40, tau: 0.04 }, 40])
    host.emit('run.progress', { runId: 'a', step: 50, steps: 5000, tau: 0.05, stepsPerSecond: 1, secondsLeft: 1 })
    await vi.advanceTimersByTimeAsync(200)
    expect([run.now.value.tau, run.playhead.step.value]).toEqual([0.05, 50])
  })

  it('has its clock by the seed that goes furthest, where others have ended before, and by itself in views of one', async () => {
    const facets = { ...a.facets, 'stop.after': 'memorized' as const }
    const short = runSummary({ ...a, facets, status: 'finished', step: 200, tau: 1 })
    const long = runSummary({ ...b, facets, status: 'finished', step: 400, tau: 2 })
    await answerLists([short], [short, long])
    const curvesTo = (end: number) => {
      const step = Float64Array.of(0, end)
      return { trainLoss: { step, tau: step.map((at) => at / 200), seconds: step, value: step } }
    }
    host.last('run.curves').answer([
      { runId: 'a', curves: curvesTo(200) },
      { runId: 'b', curves: curvesTo(400) },
    ])
    await vi.advanceTimersByTimeAsync(0)
    for (const axis of ['tau', 'computeTime'] as const) {
      run.axis.value = axis
      for (const step of [0, 100, 200, 300, 400])
        expect(run.track.value.positionAt(run.track.value.valueAt(step)), `${axis} ${step}`).toBeCloseTo(step, 9)
    }
    expect([run.now.value.tau, run.tauAtEnd.value, run.clockRows.value?.step.at(-1)]).toEqual([2, 2, 400])
    together.value = false
    await nextTick()
    expect([run.now.value.tau, run.tauAtEnd.value, run.clockRows.value?.step.at(-1)]).toEqual([1, 1, 200])
    together.value = true
  })

  it('of more siblings than can be drawn together stands alone', async () => {
    const many = Array.from({ length: maxTogether + 1 }, (_, seed) => runSummary({ id: `r${seed}`, seed }))
    await answerLists([a], [a, ...many])
    expect(run.siblings.value.map(({ id }) => id)).toEqual(['a'])
  })

  it('has the snapshots that are told in the order of their steps, each once, and none of other runs', async () => {
    await answerLists([a], [a])
    await answerShown(a, [0, 100])
    for (const [id, step] of [
      ['a', 300],
      ['a', 200],
      ['b', 250],
      ['a', 300],
    ] as const) {
      host.emit('run.snapshotSaved', { runId: id, snapshot: snapshotAt(step) })
    }
    expect(snapshots()).toEqual([0, 100, 200, 300])
  })

  it('is not what an answer says that another run has overtaken', async () => {
    await answerLists([a], [a, b])
    const [show, list] = [host.last('run.show'), host.last('run.snapshots')]
    runId.value = 'b'
    await nextTick()
    await answerShown(b, [7])
    show.answer(shownRun(a))
    list.answer([snapshotAt(1)])
    await vi.advanceTimersByTimeAsync(0)
    expect([run.detail.value?.id, snapshots(), run.summary.value?.id]).toEqual(['b', [7], 'b'])
  })

  it('is read again after the host was gone, and stays until the answer comes', async () => {
    await answerLists([a], [a])
    await answerShown(a, [0])
    generation.value++
    await nextTick()
    expect(host.requested('run.show')).toHaveLength(2)
    expect([run.detail.value?.id, snapshots()]).toEqual(['a', [0]])
    await answerShown(a, [0, 50])
    expect(snapshots()).toEqual([0, 50])
  })

  it('is read again once it has ended, and not for each of its steps', async () => {
    const live: RunSummary = { ...a, status: 'running', step: 10 }
    await answerLists([live], [live])
    await answerShown(live, [0])
    host.emit('run.changed', [{ ...live, step: 20, sequence: 700 }])
    await nextTick()
    expect(host.requested('run.show')).toHaveLength(1)
    host.emit('run.changed', [{ ...live, status: 'finished', step: 5000, sequence: 800 }])
    await nextTick()
    expect(host.requested('run.show')).toHaveLength(2)
  })

  it('names what it begins to measure after it was read', async () => {
    const live: RunSummary = { ...a, status: 'running', step: 0 }
    await answerLists([live], [live])
    await answerShown(live, [])
    const times = { step: Float64Array.of(0), tau: Float64Array.of(0), seconds: Float64Array.of(0) }
    host.emit('run.measured', { runId: 'b', ...times, values: { testMse: Float64Array.of(1) } })
    host.emit('run.measured', { runId: 'a', ...times, values: { localError: Float64Array.of(1) } })
    expect(run.detail.value?.measured).toEqual(['localError'])
  })

  it('says why it cannot be read', async () => {
    host.last('run.show').refuse(new RangeError('no'))
    await vi.advanceTimersByTimeAsync(0)
    expect([run.failure.value, run.detail.value]).toEqual([new RangeError('no'), null])
  })

  it('says why curves of it or of a panel cannot be read, until they can be or nobody shows them', async () => {
    await answerLists([a], [a])
    expect(run.curveFailure.value).toBeNull()
    host.last('run.curves').refuse(new RangeError('a sibling is gone'))
    await vi.advanceTimersByTimeAsync(0)
    expect(run.curveFailure.value).toEqual(new RangeError('a sibling is gone'))
    generation.value++
    await vi.advanceTimersByTimeAsync(0)
    host.last('run.curves').answer([{ runId: 'a', curves: {} }])
    await vi.advanceTimersByTimeAsync(0)
    expect(run.curveFailure.value).toBeNull()

    const panel = effectScope()
    panel.run(() => run.readCurves({ runIds: ref(['a']), measurements: ref(['localError']), archive }))
    host.last('run.curves').refuse(new RangeError('a block is damaged'))
    await vi.advanceTimersByTimeAsync(0)
    expect(run.curveFailure.value).toEqual(new RangeError('a block is damaged'))
    panel.stop()
    expect(run.curveFailure.value).toBeNull()
  })

  it('of an archive beside one’s own is read there, watched by nobody, and can only be looked at', async () => {
    archive.value = 'other'
    await nextTick()
    expect(host.last('run.show').input).toEqual({ runId: 'a', archive: 'other' })
    expect(host.last('run.list').input).toMatchObject({ archive: 'other' })
    await answerShown(a, [0])
    host.emit('run.snapshotSaved', { runId: 'a', snapshot: snapshotAt(9) })
    expect([snapshots(), run.readOnly.value]).toEqual([[0], true])
    await vi.advanceTimersByTimeAsync(100)
    expect(host.watched()).toEqual([])
  })

  it('is listened for no more, and asked for no more, once it is left', async () => {
    await answerLists([a], [a])
    await answerShown(a, [0])
    app.unmount()
    const before = host.requested('run.show').length
    generation.value++
    host.emit('run.changed', [{ ...a, status: 'failed' }])
    await vi.advanceTimersByTimeAsync(1000)
    expect(host.requested('run.show')).toHaveLength(before)
    expect([host.listening('run.snapshotSaved'), host.listening('run.measured'), host.watched()]).toEqual([0, 0, []])
  })
})
