import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveMapReading } from '../../../../src/shared/contract/liveMaps.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { useLiveMap, type LiveQuestion } from '../../../../src/renderer/views/sweeps/live/useLiveMap.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

const plane = (decay: number): LiveQuestion => ({ spec: { base: { decay } }, leastSeeds: 1, on: 'here' })
const reading: LiveMapReading = {
  ...{ revision: 1, runs: [], wanted: 9, ended: 4, failed: 0, seeds: 1, isDone: false, gpu: null, boundary: null },
  ...{ rows: 0, wideRows: 0 },
}
const fault = { path: 'base.decay', value: -1, message: 'at least 0' }

describe('a live map that is looked at', () => {
  let scope: EffectScope
  let question = shallowRef(plane(1))
  const open = () => scope.run(() => useLiveMap(() => question.value))!
  /** Longer than what it waits for on its own. */
  const settle = () => vi.advanceTimersByTimeAsync(5000)
  const begins = () => host.requested('liveMap.begin')
  const set = async (decay: number) => {
    question.value = plane(decay)
    await nextTick()
  }
  async function begun() {
    const map = open()
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    return map
  }

  beforeEach(() => {
    vi.useFakeTimers()
    host.forget()
    scope = effectScope()
    question = shallowRef(plane(1))
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('is the one that is set up only once that was begun', async () => {
    const map = open()
    expect(map.isCurrent.value).toBe(false)
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    expect(map.isCurrent.value).toBe(true)
    const before = map.id.value
    question.value = plane(2)
    expect([map.id.value, map.isCurrent.value]).toEqual([before, false])
    await settle()
    expect(host.last('liveMap.begin').input).toMatchObject({ ...plane(2), replaces: before })
    // It is moved on before that is answered.
    await set(3)
    host.last('liveMap.begin').answer({ problems: [] })
    await nextTick()
    await nextTick()
    expect(map.isCurrent.value).toBe(false)
    await settle()
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    expect(host.last('liveMap.begin').input).toMatchObject(plane(3))
    expect([map.id.value, map.isCurrent.value]).toEqual([host.last('liveMap.begin').input['liveMap'], true])
  })

  it('is another than the one that is set up while that is wrong, and the same again once it is asked for anew', async () => {
    const map = await begun()
    const before = map.id.value
    await set(-1)
    host.last('liveMap.begin').answer({ problems: [fault] })
    await settle()
    expect([map.id.value, map.isCurrent.value, map.problems.value]).toEqual([before, false, [fault]])
    await set(1)
    expect(map.isCurrent.value).toBe(false)
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    expect([map.isCurrent.value, map.problems.value]).toEqual([true, []])
  })

  it('says why another was refused until one is begun, whatever is told of the one before', async () => {
    const map = await begun()
    await set(2)
    const refusal = new LabError('OUT_OF_MEMORY', 'too large')
    host.last('liveMap.begin').refuse(refusal)
    await settle()
    host.last('liveMap.runs').answer(reading)
    await settle()
    expect([map.failure.value, map.isCurrent.value]).toEqual([refusal, false])
    // The one before goes on, so that nothing is asked again.
    expect(begins()).toHaveLength(2)
    await set(3)
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    expect([map.failure.value, map.isCurrent.value]).toEqual([null, true])
    const silence = new Error('the host is away')
    host.last('liveMap.runs').refuse(silence)
    await settle()
    expect([map.failure.value, map.isCurrent.value]).toEqual([silence, true])
    host.last('liveMap.runs').answer(reading)
    await settle()
    expect(map.failure.value).toBeNull()
  })

  it('is asked for again where none is computed yet, until there is room', async () => {
    const map = open()
    const refusal = new LabError('CONFLICT', 'there are 16 live maps already')
    host.last('liveMap.begin').refuse(refusal)
    await settle()
    expect(map.failure.value).toBe(refusal)
    expect(begins()).toHaveLength(2)
    host.last('liveMap.begin').answer({ problems: [] })
    await settle()
    expect([map.failure.value, map.isCurrent.value]).toEqual([null, true])
    expect(begins()).toHaveLength(2)
    expect(new Set(begins().map(({ input }) => input['liveMap'])).size).toBe(2)
  })

  it('is not asked for again by a page that was left', async () => {
    open()
    host.last('liveMap.begin').refuse(new LabError('CONFLICT', 'there are 16 live maps already'))
    await nextTick()
    scope.stop()
    await settle()
    expect(begins()).toHaveLength(1)
  })
})
