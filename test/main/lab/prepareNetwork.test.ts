import { describe, expect, it } from 'vitest'
import type { ComposedInput } from '../../../src/shared/experiment.ts'
import type { InitialState } from '../../../src/shared/run.ts'
import { collectRun, runSpec, snapshotAt } from '../../support/runs.ts'

async function start(initialization: object, initial?: InitialState) {
  const spec = runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 8 },
    initialization: initialization as ComposedInput['initialization'],
    dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 1 },
  } as ComposedInput)
  const { matrices } = snapshotAt(await collectRun(spec, initial ? { initial } : {}), 0)
  return { E: matrices['E']!, W: matrices['W']! }
}

const doubled = (values: ArrayLike<number>) => Float64Array.from(values, (value) => 2 * value)

describe('the initial scale', () => {
  it.each([{ kind: 'normal' }, { kind: 'uniform' }, { kind: 'trained', steps: 20, learningRate: 0.5, weightDecay: 0 }])(
    'multiplies both layers of a start that is drawn ($kind)',
    async (initialization) => {
      const [once, twice] = [await start(initialization), await start({ ...initialization, scale: 2 })]
      expect(twice.E.data).toEqual(doubled(once.E.data))
      expect(twice.W.data).toEqual(doubled(once.W.data))
    },
  )

  it('leaves what is given as it is, for it is scaled where a file is read, and scales a layer drawn beside it', async () => {
    const E = { rows: 5, columns: 8, data: Float64Array.from({ length: 40 }, (_, i) => Math.sin(i)) }
    const file = { kind: 'file', path: 'start.npz' }
    const [once, twice] = [
      await start(file, { parameters: { E } }),
      await start({ ...file, scale: 2 }, { parameters: { E } }),
    ]
    expect(twice.E.data).toEqual(E.data)
    expect(twice.W.data).toEqual(doubled(once.W.data))
  })
})
