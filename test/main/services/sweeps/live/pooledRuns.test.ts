import { describe, expect, it } from 'vitest'
import { createPooledRuns } from '../../../../../src/main/services/sweeps/live/pooledRuns.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { fakeWorkers } from '../../../../support/fakeWorkers.ts'
import { runSpec } from '../../../../support/runs.ts'

const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 8 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 10 },
})
const runs = (keys: string) => [...keys].map((key) => ({ key, spec }))

function start(slots = 2) {
  const { startWorker, workers } = fakeWorkers()
  const told: [string, number | string][] = []
  const engine = createPooledRuns({
    slots,
    startWorker,
    onEnded: (key, events) => told.push([key, events.length]),
    onFailed: (key, { code }) => told.push([key, code]),
    onFault: (error) => {
      throw error
    },
  })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  /** The runs that are computed now. */
  const computed = () => workers.flatMap((worker) => (worker.received[0]?.type === 'run' && worker.alive ? worker : []))
  return { engine, told, turn, computed, names: () => computed().map(({ job }) => job.runId) }
}

describe('wanted runs', () => {
  it('are computed in their order, and each is told once, with all that it told', async () => {
    const { engine, told, turn, computed, names } = start()
    engine.compute(runs('abcd'))
    expect(names()).toEqual(['a', 'b'])
    const measured: RunEvent = { type: 'measured', runId: 'a', sequence: 0, step: 0, tau: 0, seconds: 0, values: {} }
    computed()[0]!.send({ type: 'events', events: [measured] })
    computed()[0]!.settle()
    await turn()
    expect(names()).toEqual(['b', 'c'])
    // Whoever tells of more wants does not begin anew what has begun.
    engine.compute(runs('bcde'))
    for (let left = 4; left > 0; left--) {
      computed()[0]!.settle('failed')
      await turn()
    }
    expect(told).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 1],
      ['d', 1],
      ['e', 1],
    ])
    expect(names()).toEqual([])
    await engine.close()
  })

  it('that are not wanted any more are ended, tell nothing, and leave their places to others', async () => {
    const { engine, told, turn, computed, names } = start()
    engine.compute(runs('abcd'))
    engine.compute(runs('xy'))
    const [a, b] = computed()
    expect([a, b].map((worker) => worker!.received.map(({ type }) => type))).toEqual([
      ['run', 'cancel'],
      ['run', 'cancel'],
    ])
    a!.settle('cancelled')
    // It was done before the word came.
    b!.settle('finished')
    await turn()
    expect(names()).toEqual(['x', 'y'])
    expect(told).toEqual([])
    engine.compute([])
    computed().forEach((worker) => worker.settle('cancelled'))
    await turn()
    expect(names()).toEqual([])
    await engine.close()
  })

  it('begin anew where they are wanted again while they are ended', async () => {
    const { engine, told, turn, computed, names } = start(1)
    engine.compute(runs('a'))
    engine.compute([])
    engine.compute(runs('a'))
    computed()[0]!.settle('cancelled')
    await turn()
    expect(names()).toEqual(['a'])
    computed()[0]!.settle()
    await turn()
    expect(told).toEqual([['a', 1]])
    await engine.close()
  })

  it('that cannot be computed are told so, and not tried again', async () => {
    const { engine, told, turn, computed, names } = start(1)
    engine.compute(runs('ab'))
    computed()[0]!.die()
    await turn()
    expect(told).toEqual([['a', 'WORKER_DIED']])
    expect(names()).toEqual(['b'])
    computed()[0]!.settle()
    await turn()
    expect(names()).toEqual([])
    await engine.close()
  })
})
