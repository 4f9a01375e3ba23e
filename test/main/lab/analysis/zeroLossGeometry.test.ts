import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { paperProjection, zeroLossGeometry } from '../../../../src/main/lab/analysis/zeroLossGeometry.ts'
import { createOptimizer } from '../../../../src/main/lab/dynamics/optimizers.ts'
import { lossGradient } from '../../../../src/main/lab/dynamics/lossGradient.ts'
import { dotOf, normOf } from '../../../../src/main/lab/network/matrixLists.ts'
import { withParameters } from '../../../../src/main/lab/network/network.ts'
import { zeroLossSet } from '../../../../src/main/lab/network/zeroLossSet.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import type { Backend, Matrix, RealArray } from '../../../../src/main/lab/backend/backend.ts'
import { modularAddition } from '../../../support/modularAddition.ts'
import { splitFrom } from '../../../../src/main/lab/tasks/split.ts'
import { twoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import { backends } from '../../../support/backends.ts'
import { entriesOf } from '../../../support/entries.ts'

interface Reference {
  X: number[][]
  E: number[][]
  W: number[][]
  projectedE: number[][]
  projectedW: number[][]
  distance: number
  normMinimizingDirection: number[]
  lossGradientTangentialFraction: number
}

const backend = plainBackend('float64')
const descent = { learningRate: 0.5, ...paperProjection }

describe('the geometry of the reference state', () => {
  const reference = JSON.parse(
    readFileSync(new URL('../../../support/reference/zero-loss-geometry.json', import.meta.url), 'utf8'),
  ) as Reference

  const solvers = ['cholesky', 'conjugateGradients'] as const
  const pairs = backends.flatMap((openable) => solvers.map((solver) => ({ ...openable, solver })))

  it.each(pairs)('agrees to 1e-9 by $solver on $name', async ({ solver, open }) => {
    const opened = await open()
    onTestFinished(() => opened.close())
    const network = referenceNetwork(opened)
    const geometry = zeroLossGeometry(network, descent, { solver })
    const values = geometry.measure()
    expect(values.distanceToZeroLoss).toBeCloseTo(reference.distance, 9)
    expect(values.tangentialFraction).toBeCloseTo(reference.lossGradientTangentialFraction, 9)
    expectClose(geometry.projection[0]!, reference.projectedE.flat())
    expectClose(geometry.projection[1]!, reference.projectedW.flat())
    const direction = reference.normMinimizingDirection
    expectClose(geometry.direction[0]!, direction.slice(0, entriesOf(network.E).length))
    expectClose(geometry.direction[1]!, direction.slice(entriesOf(network.E).length))
  })

  it('is measured anew after a state from which neither way leads to the zero-loss set', () => {
    const network = referenceNetwork()
    const lagged = [network.E, network.W].map((matrix) => {
      const other = backend.matrix(matrix.rows, matrix.columns)
      entriesOf(other).set(entriesOf(matrix).map((value) => 1.01 * value))
      return other
    })
    const expected = zeroLossGeometry(network, descent).measure(lagged)
    const geometry = zeroLossGeometry(network, descent)
    const E = entriesOf(network.E)
    E.fill(1e200)
    expect(geometry.measure(lagged).normMinimizingCosinePaper).toBeNaN()
    E.set(reference.E.flat())
    expect(geometry.measure(lagged)).toEqual(expected)
  })

  it('leaves the network as it was', () => {
    const network = referenceNetwork()
    zeroLossGeometry(network, descent).measure()
    expectClose(network.E, reference.E.flat(), 0)
    expectClose(network.W, reference.W.flat(), 0)
  })

  it('gives cosine 1 for an update along the direction it reports, and a gap where Z is out of reach', () => {
    const network = referenceNetwork()
    const geometry = zeroLossGeometry(network, descent)
    expect(Object.keys(geometry.measure())).toEqual(['distanceToZeroLoss', 'tangentialFraction'])
    const lagged = [network.E, network.W].map((M, i) => {
      const other = backend.matrix(M.rows, M.columns)
      backend.axpby(1, M, 0, other)
      backend.axpby(-1e-3, geometry.direction[i]!, 1, other)
      return other
    }) as unknown as [Matrix, Matrix]
    const values = geometry.measure(lagged)
    expect(values.normMinimizingCosine).toBeCloseTo(1, 9)
    expect(Math.abs(values.normMinimizingCosinePaper!)).toBeLessThan(1)
    entriesOf(network.E).fill(-1)
    const gap = { distanceToZeroLoss: NaN, tangentialFraction: NaN }
    expect(geometry.measure()).toEqual(gap)
    expect(geometry.measure(lagged)).toEqual({
      ...gap,
      normMinimizingCosine: NaN,
      normMinimizingCosinePaper: NaN,
    })
  })

  it('counts the Gauss–Newton steps it took, and is no gap where another failure ends them', () => {
    const network = referenceNetwork()
    const taken: number[] = []
    const geometry = zeroLossGeometry(network, descent, { onStep: (step) => taken.push(step) })
    geometry.measure()
    expect(taken.length).toBeGreaterThan(1)
    expect(geometry.iterations()).toBe(taken.length)
    for (const failure of [new LabError('OUT_OF_MEMORY', 'no memory left'), new Error('ended from outside')]) {
      const ended = zeroLossGeometry(network, descent, {
        onStep: () => {
          throw failure
        },
      })
      expect(() => ended.measure()).toThrow(failure)
    }
  })

  it('gives no direction to what is rounding: an update of no length, the gradient on Z', () => {
    const network = referenceNetwork()
    const geometry = zeroLossGeometry(network, descent)
    geometry.measure()
    const [E, W] = geometry.projection.map((M) => entriesOf(M).slice()) as [RealArray, RealArray]
    entriesOf(network.E).set(E)
    entriesOf(network.W).set(W)
    const lagged = [network.E, network.W].map((M) => {
      const other = backend.matrix(M.rows, M.columns)
      entriesOf(other).set(entriesOf(M).map((value, i) => value * (1 + 1e-15 * Math.cos(i))))
      return other
    }) as unknown as [Matrix, Matrix]
    const { tangentialFraction, normMinimizingCosine, normMinimizingCosinePaper } = geometry.measure(lagged)
    expect([tangentialFraction, normMinimizingCosine, normMinimizingCosinePaper]).toEqual([NaN, NaN, NaN])
  })

  it('takes an update for rounding by its share of ‖θ‖: 1e-12, whatever the units of θ', () => {
    const network = referenceNetwork()
    const geometry = zeroLossGeometry(network, descent)
    const theta = [network.E, network.W]
    const size = normOf(backend, theta)
    expect(size).toBeGreaterThan(3)
    const updated = (share: number) => {
      const lagged = theta.map((M) => {
        const other = backend.matrix(M.rows, M.columns)
        backend.axpby(1, M, 0, other)
        return other
      })
      const last = entriesOf(lagged[1]!).findIndex((value) => value !== 0 && Math.abs(value) < 0.1)
      entriesOf(lagged[1]!)[last]! -= share * size
      return geometry.measure(lagged).normMinimizingCosine
    }
    expect(updated(0.5e-12)).toBeNaN()
    expect(Math.abs(updated(2e-12)!)).toBeLessThan(1)
  })

  function referenceNetwork(on: Backend = backend) {
    const task = modularAddition(reference.E.length)
    const pair = (row: number[]) => row.flatMap((count, token) => Array<number>(count).fill(token)).join()
    const pairs = Array.from({ length: task.size }, (_, i) => `${task.tokens[2 * i]},${task.tokens[2 * i + 1]}`)
    const train = Int32Array.from(reference.X, (row) => pairs.indexOf(pair(row)))
    const network = twoLayerNetwork(on, task, splitFrom(train, task.size), reference.W.length, 'relu')
    entriesOf(network.E).set(reference.E.flat())
    entriesOf(network.W).set(reference.W.flat())
    return network
  }
})

describe('the loss gradient near the zero-loss set', () => {
  it('is tangential in proportion to the distance (Thm 4.14): slope 1 in log–log', () => {
    const task = modularAddition(5)
    const train = Int32Array.from({ length: 9 }, (_, i) => i)
    const network = twoLayerNetwork(backend, task, splitFrom(train, task.size), 40, 'tanh')
    for (const M of [network.E, network.W])
      for (let i = 0; i < entriesOf(M).length; i++) entriesOf(M)[i] = Math.sin(7 * i * i + 1)
    const geometry = zeroLossGeometry(network, descent)
    geometry.measure()
    const base = geometry.projection.map((M) => entriesOf(M).slice())
    const distances = [3e-2, 3e-3, 3e-4]
    const points = distances.map((distance) => {
      ;[network.E, network.W].forEach((M, part) =>
        entriesOf(M).forEach(
          (_, i) => (entriesOf(M)[i] = base[part]![i]! + distance * Math.cos(3 * i * i + part) * 0.1),
        ),
      )
      const { distanceToZeroLoss, tangentialFraction } = geometry.measure()
      return [Math.log(distanceToZeroLoss!), Math.log(tangentialFraction!)] as const
    })
    const slope = (points[2]![1] - points[0]![1]) / (points[2]![0] - points[0]![0])
    expect(slope).toBeGreaterThan(0.9)
    expect(slope).toBeLessThan(1.1)
  })
})

describe("the paper's projection", () => {
  it('is where training ends that takes as many steps with momentum on the mean loss, without decay', () => {
    const network = smallNetwork()
    const lagged = [network.E, network.W].map((M) => {
      const other = backend.matrix(M.rows, M.columns)
      entriesOf(other).set(entriesOf(M).map((value, i) => value + 0.01 * Math.cos(5 * i * i)))
      return other
    })
    const twoSteps = { learningRate: 0.3, momentum: 0.9, steps: 2 }
    const { normMinimizingCosinePaper } = zeroLossGeometry(network, twoSteps).measure(lagged)

    const trained = smallNetwork()
    const { gradient, evaluate } = lossGradient(trained, { loss: 'meanSquaredError', reduction: 'mean' })
    const optimizer = createOptimizer(
      backend,
      { optimizer: { kind: 'momentum', momentum: 0.9 } },
      trained.parameters,
      gradient,
    )
    for (let step = 0; step < 2; step++) {
      evaluate()
      optimizer.step({ learningRate: 0.3, weightDecay: 0, gradientScale: 1 })
    }
    const set = zeroLossSet(withParameters(trained, [trained.E, trained.W]))
    set.linearize()
    // −P_T θ, of the θ that is measured with the P_T of where the training ended.
    const direction = [network.E, network.W].map((M) => {
      const other = backend.matrix(M.rows, M.columns)
      backend.axpby(-1, M, 0, other)
      return other
    })
    set.projectTangent(direction)
    const update = [network.E, network.W].map((M, i) => {
      const other = backend.matrix(M.rows, M.columns)
      backend.axpby(1, M, 0, other)
      backend.axpby(-1, lagged[i]!, 1, other)
      return other
    })
    const cosine = dotOf(backend, update, direction) / (normOf(backend, update) * normOf(backend, direction))
    expect(normMinimizingCosinePaper).toBeCloseTo(cosine, 12)
  })

  function smallNetwork() {
    const task = modularAddition(3)
    const network = twoLayerNetwork(backend, task, splitFrom(Int32Array.of(0, 2, 3), task.size), 8, 'tanh')
    for (const [part, M] of [network.E, network.W].entries())
      entriesOf(M).forEach((_, i) => (entriesOf(M)[i] = Math.sin(7 * i * i + part)))
    return network
  }
})

function expectClose(M: Matrix, expected: readonly number[], tolerance = 1e-9) {
  const off = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - entriesOf(M)[i]!)), 0)
  expect(entriesOf(M).length).toBe(expected.length)
  expect(off).toBeLessThanOrEqual(tolerance)
}
