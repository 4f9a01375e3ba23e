import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRunCurves, type RunCurveStore } from '../../../src/renderer/composables/useRunCurves.ts'
import { measurementPanel } from '../../../src/shared/curves/curvePanels.ts'
import type { MeasurementName } from '../../../src/shared/measurements.ts'
import type { Curve } from '../../../src/shared/run.ts'
import { generation, host } from '../../support/fakeLab.ts'
import { runSummary } from '../../support/runSummary.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

const times = (steps: readonly number[]) => ({
  step: Float64Array.from(steps),
  tau: Float64Array.from(steps, (step) => step / 1000),
  seconds: Float64Array.from(steps, (step) => step / 100),
})
const curve = (steps: readonly number[]): Curve => ({
  ...times(steps),
  value: Float64Array.from(steps, (step) => 2 * step),
})
const answerOf = (runId: string, steps: readonly number[]) => ({ runId, curves: { testAccuracy: curve(steps) } })
const rows = (runId: string, steps: readonly number[]) => ({
  ...{ runId, ...times(steps) },
  values: { testAccuracy: curve(steps).value },
})

describe('the curves of runs', () => {
  let scope: EffectScope
  let store: RunCurveStore
  const runIds = shallowRef<readonly string[]>([])
  const measurements = shallowRef<readonly MeasurementName[]>(['testAccuracy'])
  const archive = shallowRef<string>()
  const steps = (runId = 'a') => [...(store.curves.value.get(runId)?.curve('testAccuracy')?.step ?? [])]

  async function answer(...given: { runId: string; curves: Record<string, Curve> }[]) {
    host.last('run.curves').answer(given)
    await vi.advanceTimersByTimeAsync(0)
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.stubGlobal('document', { hidden: false })
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, 16))
    host.forget()
    runIds.value = ['a']
    archive.value = undefined
    scope = effectScope()
    store = scope.run(() => useRunCurves({ runIds, measurements, archive }))!
    await vi.advanceTimersByTimeAsync(100)
  })
  afterEach(async () => {
    scope.stop()
    await vi.advanceTimersByTimeAsync(100)
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('are asked for once, all together, and are watched', async () => {
    expect(host.requested('run.curves').map(({ input }) => [input['runIds'], input['measurements']])).toEqual([
      [['a'], ['testAccuracy']],
    ])
    expect([host.watched(), store.ready.value]).toEqual([['a'], false])
    await answer(answerOf('a', [0, 1, 2]))
    expect([steps(), store.ready.value]).toEqual([[0, 1, 2], true])
  })

  it('hold each row once, in order, though some came before the answer that has them too', async () => {
    host.emit('run.measured', rows('a', [2, 3]))
    host.emit('run.measured', rows('a', [4]))
    expect(steps()).toEqual([])
    await answer(answerOf('a', [0, 1, 2, 3]))
    expect(steps()).toEqual([0, 1, 2, 3, 4])
    host.emit('run.measured', rows('a', [3, 4]))
    host.emit('run.measured', rows('a', [5]))
    host.emit('run.measured', rows('other', [6]))
    await vi.advanceTimersByTimeAsync(200)
    expect(steps()).toEqual([0, 1, 2, 3, 4, 5])
    expect(store.curves.value.has('other')).toBe(false)
  })

  it('are drawn anew at most ten times a second, however many rows come', async () => {
    await answer(answerOf('a', [0]))
    await vi.advanceTimersByTimeAsync(1000)
    const drawn = new Set([store.curves.value])
    for (let step = 1; step <= 500; step++) {
      host.emit('run.measured', rows('a', [step]))
      await vi.advanceTimersByTimeAsync(2)
      drawn.add(store.curves.value)
    }
    expect(drawn.size).toBeGreaterThan(5)
    expect(drawn.size).toBeLessThanOrEqual(12)
    await vi.advanceTimersByTimeAsync(200)
    expect(steps().at(-1)).toBe(500)
  })

  it('are read anew after the host was gone, and stay until the answer comes', async () => {
    await answer(answerOf('a', [0, 1]))
    generation.value++
    await nextTick()
    expect([host.requested('run.curves').length, steps()]).toEqual([2, [0, 1]])
    host.emit('run.measured', rows('a', [7]))
    await answer(answerOf('a', [1, 2, 3, 4, 5, 6]))
    expect(steps()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('are asked only for what came meanwhile, or wholly where that is of other rows than those that were there', async () => {
    await answer(answerOf('a', [0, 1]))
    generation.value++
    await nextTick()
    expect(host.last('run.curves').input).toMatchObject({ fromStep: 1 })
    await answer(answerOf('a', [2, 3]))
    expect(steps()).toEqual([0, 1])
    expect(host.last('run.curves').input).not.toHaveProperty('fromStep')
    await answer(answerOf('a', [0, 2, 3]))
    expect(steps()).toEqual([0, 2, 3])
  })

  it('are asked for once, however often it is said anew which they are', async () => {
    await answer(answerOf('a', [0]))
    for (let turn = 0; turn < 5; turn++) {
      runIds.value = [...runIds.value]
      await nextTick()
    }
    expect(host.requested('run.curves').length).toBe(1)
  })

  it('are drawn at once from fewer points where there are many, go on as rows come, and are then drawn from more', async () => {
    const points = Number(host.last('run.curves').input['points'])
    const every = (by: number, end: number) => Array.from({ length: end / by }, (_, k) => k * by)
    await answer(answerOf('a', every(100, 100 * points)))
    await answer(answerOf('a', [0, 1, 10, 100]))
    expect([store.ready.value, steps().slice(0, 5)]).toEqual([true, [0, 1, 10, 100, 200]])
    const later = Number(host.last('run.curves').input['points'])
    expect(later).toBeGreaterThan(points)
    host.emit('run.measured', rows('a', [100 * points]))
    await vi.advanceTimersByTimeAsync(200)
    expect(steps().at(-1)).toBe(100 * points)
    await answer(answerOf('a', every((100 * points) / later, 100 * points)))
    await answer(answerOf('a', [0, 1, 10, 100]))
    expect([steps().length > 2 * points, steps().at(-1)]).toEqual([true, 100 * points])
  })

  it('of a question that another has overtaken are thrown away', async () => {
    const older = host.last('run.curves')
    runIds.value = ['a', 'b']
    await nextTick()
    await answer(answerOf('a', [0, 1]), answerOf('b', [0]))
    older.answer([answerOf('a', [0])])
    await vi.advanceTimersByTimeAsync(0)
    expect([steps('a'), steps('b')]).toEqual([[0, 1], [0]])
  })

  it('that are too long to be sent whole are asked for in logarithmic steps too, and drawn once they are joined', async () => {
    const requested = host.last('run.curves')
    const even = Array.from({ length: Number(requested.input['points']) }, (_, i) => 1000 * i)
    await answer(answerOf('a', even))
    expect(host.last('run.curves').input).toMatchObject({ spacing: 'log' })
    // On a logarithmic axis the first thousand steps would be a straight line.
    expect([store.ready.value, steps()]).toEqual([false, []])
    await answer(answerOf('a', [0, 1, 2, 4, 8]))
    expect(steps().slice(0, 6)).toEqual([0, 1, 2, 4, 8, 1000])
  })

  it('that cannot be read say why, and what was there stays', async () => {
    await answer(answerOf('a', [0, 1]))
    generation.value++
    await nextTick()
    host.last('run.curves').refuse(new RangeError('no'))
    await vi.advanceTimersByTimeAsync(0)
    expect([store.failure.value, steps()]).toEqual([new RangeError('no'), [0, 1]])
    runIds.value = []
    await nextTick()
    expect(store.failure.value).toBeNull()
  })

  it('of an archive beside one’s own are not watched', async () => {
    archive.value = 'other'
    await vi.advanceTimersByTimeAsync(100)
    expect(host.last('run.curves').input).toMatchObject({ archive: 'other' })
    expect(host.watched()).toEqual([])
  })

  it('of another archive are others from the first moment, also of runs of the same ids', async () => {
    await answer(answerOf('a', [0, 1]))
    generation.value++
    await nextTick()
    const late = host.last('run.curves')
    archive.value = 'other'
    expect([steps(), store.ready.value]).toEqual([[], false])
    late.answer([answerOf('a', [2, 3])])
    await vi.advanceTimersByTimeAsync(0)
    host.emit('run.measured', rows('a', [4]))
    expect([steps(), store.ready.value]).toEqual([[], false])
    await answer(answerOf('a', [0, 7]))
    host.emit('run.measured', rows('a', [8]))
    await vi.advanceTimersByTimeAsync(200)
    expect([steps(), store.ready.value]).toEqual([[0, 7], true])
  })

  it('are listened for no more once nobody shows them', async () => {
    scope.stop()
    await vi.advanceTimersByTimeAsync(100)
    expect([host.listening('run.measured'), host.watched()]).toEqual([0, []])
  })

  it('stand in a panel as far as they have come: a mean where all runs are', async () => {
    runIds.value = ['a', 'b']
    await nextTick()
    const runs = [runSummary({ id: 'a', seed: 0 }), runSummary({ id: 'b', seed: 1 })]
    const drawn = () => {
      const group = { runs, curves: store.curves.value, axis: 'step' as const, shown: 'both' as const, end: null }
      const { series } = measurementPanel(group, 'testAccuracy', { caption: '' })
      return series.map(({ name, x }) => [name, x.at(-1)])
    }
    expect(drawn()).toEqual([])
    await answer(answerOf('a', [0, 1]), { runId: 'b', curves: {} })
    expect(drawn()).toEqual([['seed 0', 1]])
    host.emit('run.measured', rows('b', [0, 1]))
    host.emit('run.measured', rows('a', [2]))
    await vi.advanceTimersByTimeAsync(200)
    expect(drawn()).toEqual([
      ['seed 0', 2],
      ['seed 1', 1],
      ['mean of 2', 1],
    ])
  })
})
