import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isCancelled } from '../../../src/renderer/composables/useComputation.ts'
import {
  useAnalysis,
  useSlowAnalysis,
  useSnapshot,
  type Loaded,
  type LoadedSlowly,
} from '../../../src/renderer/composables/useSnapshot.ts'
import type { SignChanges } from '../../../src/shared/analysis.ts'
import type { MatrixData } from '../../../src/shared/matrix.ts'
import { host } from '../../support/fakeLab.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

const matrixOf = (value: number): MatrixData => ({ rows: 1, columns: 1, data: Float64Array.of(value) })
let nextRun = 0

describe('a matrix at the step that is looked at', () => {
  let scope: EffectScope
  let loaded: Loaded<MatrixData>
  const runId = ref('')
  const archive = ref<string>()
  const steps = ref<readonly number[]>([])
  const step = ref<number | null>(null)
  const matrix = ref('E')
  const shown = () => [loaded.step.value, loaded.value.value?.data[0] ?? null]
  const requested = () => host.requested('run.matrix').map(({ input }) => input['step'])

  /** The host's answer to the question after the matrix at a step: the step itself. */
  async function answer(at: number) {
    host
      .requested('run.matrix')
      .findLast(({ input }) => input['step'] === at)!
      .answer(matrixOf(at))
    await vi.advanceTimersByTimeAsync(0)
  }
  async function look(at: number | null) {
    step.value = at
    await nextTick()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    host.forget()
    // What was loaded is kept for as long as the page lives.
    runId.value = `run${nextRun++}`
    steps.value = []
    step.value = null
    matrix.value = 'E'
    scope = effectScope()
    loaded = scope.run(() => useSnapshot({ runId, archive, steps }, step, matrix))!
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('is asked for by run, step and name, and nothing is where there is no step', async () => {
    expect([requested(), shown()]).toEqual([[], [null, null]])
    await look(5)
    expect(host.last('run.matrix').input).toEqual({ runId: runId.value, step: 5, matrix: 'E', archive: undefined })
    await answer(5)
    expect(shown()).toEqual([5, 5])
    await look(null)
    expect(shown()).toEqual([null, null])
  })

  it('stays until the next is there, whichever answer comes first', async () => {
    await look(1)
    await answer(1)
    await look(2)
    await look(3)
    expect(shown()).toEqual([1, 1])
    await answer(3)
    await answer(2)
    expect(shown()).toEqual([3, 3])
    const before = requested().length
    await look(2)
    expect([shown(), requested().length], 'the answer that came late is kept').toEqual([[2, 2], before])
  })

  it('stands under the words of no other matrix, and of no other run', async () => {
    await look(1)
    await answer(1)
    matrix.value = 'W'
    await nextTick()
    expect(shown(), 'nothing of W is there').toEqual([null, null])
    await answer(1)
    expect(shown()).toEqual([1, 1])
    matrix.value = 'E'
    await nextTick()
    expect([shown(), requested()], 'what is kept is there at once').toEqual([
      [1, 1],
      [1, 1],
    ])
    runId.value = `run${nextRun++}`
    await nextTick()
    expect(shown()).toEqual([null, null])
  })

  it('is loaded with those around it, the nearest first and one at a time, until one moves on', async () => {
    steps.value = [0, 10, 20, 30, 40]
    await look(20)
    expect(requested()).toEqual([20])
    await answer(20)
    expect(requested()).toEqual([20, 30])
    await answer(30)
    expect(requested()).toEqual([20, 30, 10])
    await look(0)
    await answer(10)
    await answer(0)
    expect(requested(), 'not those around the step that was left').toEqual([20, 30, 10, 0])
  })

  it('that cannot be had says why, and is asked for again when it is looked at again', async () => {
    await look(1)
    host.last('run.matrix').refuse(new RangeError('no'))
    await vi.advanceTimersByTimeAsync(0)
    expect([loaded.failure.value, shown()]).toEqual([new RangeError('no'), [null, null]])
    await look(2)
    expect(loaded.failure.value).toBeNull()
    await answer(2)
    expect(shown()).toEqual([2, 2])
    // Nor does what was shown before stand for it.
    await look(1)
    host.last('run.matrix').refuse(new RangeError('no'))
    await vi.advanceTimersByTimeAsync(0)
    expect([loaded.failure.value, shown()]).toEqual([new RangeError('no'), [null, null]])
    await look(2)
    await look(1)
    await answer(1)
    expect([shown(), requested()]).toEqual([
      [1, 1],
      [1, 2, 1, 1],
    ])
  })

  it('is asked for once, however many show it', async () => {
    const other = scope.run(() => useSnapshot({ runId, archive, steps }, step, matrix))!
    await look(1)
    expect(requested()).toEqual([1])
    await answer(1)
    expect([other.step.value, loaded.step.value]).toEqual([1, 1])
  })

  it('of a run that was removed is asked for anew where one of its id comes again', async () => {
    await look(1)
    await answer(1)
    host.emit('run.removed', { runIds: [runId.value] })
    await look(null)
    await look(1)
    expect(requested()).toEqual([1, 1])
  })

  it('is not shown any more where the view was left', async () => {
    await look(1)
    scope.stop()
    await answer(1)
    expect(shown()).toEqual([null, null])
  })
})

describe('an analysis of the step that is looked at', () => {
  it('is another where its options are, and nothing is shown until that is there', async () => {
    host.forget()
    const scope = effectScope()
    const every = ref(1)
    const source = { runId: ref('analyzed'), archive: ref<string>(), steps: ref([7]) }
    const options = () => ({ every: every.value }) as never
    const loaded = scope.run(() => useAnalysis(source, ref(7), 'fourier', options))!
    host.last('analysis.compute').answer('first' as never)
    await expect.poll(() => loaded.value.value).toBe('first')
    every.value = 2
    await nextTick()
    expect(loaded.value.value).toBeNull()
    expect(host.last('analysis.compute').input).toMatchObject({ step: 7, options: { every: 2 } })
    host.last('analysis.compute').answer('second' as never)
    await expect.poll(() => loaded.value.value).toBe('second')
    scope.stop()
  })
})

describe('an analysis that takes long', () => {
  let scope: EffectScope
  let loaded: LoadedSlowly<SignChanges>
  const runId = ref('')
  const step = ref<number | null>(null)
  const isFollowing = ref(false)
  const requests = () => host.requested('analysis.compute')
  const requested = () => requests().map(({ input }) => input['step'])
  const cancelled = () => {
    const steps = new Map(requests().map(({ input }) => [input['computation'], input['step']]))
    // What another test left is ended too.
    return host.requested('computation.cancel').flatMap(({ input }) => steps.get(input['computation']) ?? [])
  }
  const shown = () => [loaded.step.value, loaded.value.value?.step ?? null]
  const open = () => {
    scope = effectScope()
    const source = { runId, archive: ref<string>(), steps: ref([]) }
    const options = () => ({})
    loaded = scope.run(() => useSlowAnalysis(source, step, 'signChanges', options, () => isFollowing.value))!
  }
  async function answer(at: number) {
    requests()
      .findLast(({ input }) => input['step'] === at)!
      .answer({ step: at } as never)
    await vi.advanceTimersByTimeAsync(0)
  }
  async function look(at: number) {
    step.value = at
    await vi.advanceTimersByTimeAsync(0)
  }
  const rest = () => vi.advanceTimersByTimeAsync(300)

  beforeEach(async () => {
    vi.useFakeTimers()
    host.forget()
    runId.value = `run${nextRun++}`
    step.value = null
    isFollowing.value = false
    open()
    await look(0)
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('begins where the step rests, not at those that it passes, and ends what was left', async () => {
    expect(requested(), 'what is opened is computed at once').toEqual([0])
    for (const passed of [1, 2, 3]) await look(passed)
    expect([requested(), cancelled()]).toEqual([[0], []])
    await rest()
    expect([requested(), cancelled()]).toEqual([[0, 3], [0]])
    await answer(0)
    expect(shown(), 'what was left is not shown').toEqual([null, null])
    await answer(3)
    expect(shown()).toEqual([3, 3])
    await look(5)
    expect(shown(), 'what is there stays').toEqual([3, 3])
    await look(3)
    await rest()
    expect([requested(), shown()]).toEqual([
      [0, 3],
      [3, 3],
    ])
  })

  it('goes on where one comes back before another has begun', async () => {
    await look(1)
    await look(0)
    await rest()
    expect([requested(), cancelled()]).toEqual([[0], []])
    await answer(0)
    expect(shown()).toEqual([0, 0])
  })

  it('of what was left, and is looked at again, is computed anew', async () => {
    await look(1)
    await rest()
    await look(0)
    await rest()
    expect([requested(), cancelled(), loaded.failure.value]).toEqual([[0, 1, 0], [0, 1], null])
    await answer(0)
    expect(shown()).toEqual([0, 0])
    await look(1)
    await rest()
    await answer(1)
    await look(0)
    expect(shown(), 'what is kept needs no rest').toEqual([0, 0])
  })

  it('goes on while another view is open, and ends where one comes back at another step', async () => {
    scope.stop()
    open()
    await vi.advanceTimersByTimeAsync(0)
    expect([requested(), cancelled(), loaded.progress.value?.done]).toEqual([[0], [], 0])
    scope.stop()
    step.value = 4
    open()
    await vi.advanceTimersByTimeAsync(0)
    expect([requested(), cancelled()]).toEqual([[0, 4], [0]])
  })

  it('of another run ends the former', async () => {
    runId.value = `run${nextRun++}`
    await vi.advanceTimersByTimeAsync(0)
    expect([requested(), cancelled()]).toEqual([[0, 0], [0]])
  })

  it('of a live run is let end, and the newest is next', async () => {
    isFollowing.value = true
    for (const at of [1, 2, 3]) await look(at)
    await rest()
    expect([requested(), cancelled()]).toEqual([[0], []])
    await answer(0)
    expect([shown(), requested()]).toEqual([
      [0, 0],
      [0, 3],
    ])
    await look(4)
    loaded.cancel()
    await rest()
    expect([requested(), cancelled(), isCancelled(loaded.failure.value)], 'not begun again by itself').toEqual([
      [0, 3],
      [3],
      true,
    ])
    loaded.again()
    await vi.advanceTimersByTimeAsync(0)
    await answer(3)
    expect([shown(), requested()]).toEqual([
      [3, 3],
      [0, 3, 3, 4],
    ])
  })
})
