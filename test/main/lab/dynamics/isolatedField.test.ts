import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { modularAddition } from '../../../support/modularAddition.ts'
import { drawSplit, splitFrom } from '../../../../src/main/lab/tasks/split.ts'
import { isolatedField } from '../../../../src/main/lab/dynamics/isolatedField.ts'
import { drawInitialWeights } from '../../../../src/main/lab/network/initialWeights.ts'
import { twoLayerNetwork, type TwoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import type { Activation } from '../../../../src/shared/experiment.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import type { Measurements } from '../../../../src/shared/run.ts'
import { backends } from '../../../support/backends.ts'
import { multiplyInputs } from '../../../../src/main/lab/network/inputs.ts'
import {
  collectRun,
  eventsOf,
  largestDifference,
  readReference,
  runSpec,
  snapshotAt,
  toMatrix,
} from '../../../support/runs.ts'
import { entriesOf } from '../../../support/entries.ts'

interface Reference {
  modulus: number
  hidden: number
  activation: Activation
  ridge: number
  stepSize: number
  train: number[]
  saved: ({ step: number; E: number[][]; W: number[][]; velocity: number[][] } & Measurements)[]
}

const references = ['zero-loss-relu', 'zero-loss-quadratic', 'zero-loss-tanh', 'ridge-underparametrized']

describe.each(backends)('isolated references to 1e-9 ($name)', ({ open }) => {
  it.each(references)('%s: states and measurements of an Euler run', async (name) => {
    const reference = readReference(`isolated-${name}`) as Reference
    const { saved, train } = reference
    const spec = runSpec({
      task: { kind: 'modularAddition', modulus: reference.modulus, trainFraction: 0.5 },
      network: { hidden: reference.hidden, activation: reference.activation },
      dynamics: {
        kind: 'isolated',
        ridge: reference.ridge,
        integrator: { kind: 'euler', stepSize: reference.stepSize },
        steps: saved.at(-1)!.step,
      },
      initialization: { kind: 'file', path: 'the reference' },
      record: { measureEvery: 1, snapshots: saved.map(({ step }) => step) },
    })
    const initial = { parameters: { E: toMatrix(saved[0]!.E) }, train: Int32Array.from(train) }
    const events = await collectRun(spec, { backend: await open(), initial })
    for (const { step, E, W, velocity: _, ...measured } of saved) {
      const { matrices } = snapshotAt(events, step)
      expect(relativeDifference(matrices['E']!.data, E.flat())).toBeLessThan(1e-9)
      expect(relativeDifference(matrices['W']!.data, W.flat())).toBeLessThan(1e-9)
      const { values } = eventsOf(events, 'measured').find((event) => event.step === step)!
      const names = Object.keys(measured) as (keyof Measurements)[]
      expect(names.length).toBe(6)
      for (const quantity of names) expectClose(values[quantity]!, measured[quantity]!)
    }
  })

  it.each(references)('%s: the field at the saved states', async (name) => {
    const { modulus, hidden, activation, ridge, train, saved } = readReference(`isolated-${name}`) as Reference
    const backend = await open()
    const task = modularAddition(modulus)
    const network = twoLayerNetwork(backend, task, splitFrom(Int32Array.from(train), task.size), hidden, activation)
    const field = isolatedField(network, ridge)
    const velocity = backend.matrix(modulus, hidden)
    for (const state of saved) {
      entriesOf(network.E).set(state.E.flat())
      field.evaluate([velocity])
      expect(relativeDifference(entriesOf(velocity), state.velocity.flat())).toBeLessThan(1e-9)
      expect(relativeDifference(entriesOf(network.W), state.W.flat())).toBeLessThan(1e-9)
    }
    backend.close()
  })
})

/** To 1e-9 relative; a loss that is zero but for rounding, to 1e-18 absolute. */
function expectClose(value: number, reference: number): void {
  expect(Math.abs(value - reference)).toBeLessThanOrEqual(Math.max(1e-9 * Math.abs(reference), 1e-18))
}

function relativeDifference(values: ArrayLike<number>, reference: number[]): number {
  return largestDifference(values, reference) / Math.max(...reference.map(Math.abs))
}

const ridges = { 'with a ridge, d_h > n': [0.3, 20], 'with a ridge, d_h < n': [0.3, 6], 'without a ridge': [0, 20] }
const settings = Object.entries(ridges).flatMap(([name, [ridge, hidden]]) =>
  // Without a ridge HHᵀ of `identity` has rank p < n at most.
  activations
    .filter((activation) => ridge! > 0 || activation !== 'identity')
    .map((activation) => ({ name, ridge: ridge!, hidden: hidden!, activation })),
)

describe('the isolated field', () => {
  it.each(settings)('is −∇R/2 of its objective by central differences ($name, $activation)', (setting) => {
    const network = isolatedNetwork(setting.hidden, setting.activation)
    const field = isolatedField(network, setting.ridge)
    const velocity = network.backend.matrix(5, setting.hidden)
    const other = network.backend.matrix(5, setting.hidden)
    field.evaluate([velocity])
    const scale = Math.max(...entriesOf(velocity).map(Math.abs))
    for (let at = 0; at < entriesOf(network.E).length; at += 7) {
      const center = entriesOf(network.E)[at]!
      const objectiveAt = (shift: number) => {
        entriesOf(network.E)[at] = center + shift
        field.evaluate([other])
        return field.ridgeObjective()
      }
      const h = 1e-5
      const slope = (8 * (objectiveAt(h) - objectiveAt(-h)) - (objectiveAt(2 * h) - objectiveAt(-2 * h))) / (12 * h)
      entriesOf(network.E)[at] = center
      expect(Math.abs(entriesOf(velocity)[at]! + slope / 2)).toBeLessThan(2e-6 * scale)
    }
  })

  it.each([...activations])('leaves the ridge regression of Y on H in W: HᵀHW + λW = HᵀY (%s)', (activation) => {
    for (const hidden of [6, 20]) {
      const network = isolatedNetwork(hidden, activation)
      const { backend, train, E, W } = network
      isolatedField(network, 0.3).evaluate([backend.matrix(5, hidden)])
      const H = backend.matrix(train.X.rows, hidden)
      multiplyInputs(backend, train.X, E, H)
      backend.activate(activation, H, H)
      const residual = backend.matrix(train.X.rows, 5)
      backend.axpby(1, train.Y, 0, residual)
      backend.gemm(false, false, -1, H, W, 1, residual)
      const gradient = backend.matrix(hidden, 5)
      backend.axpby(-0.3, W, 0, gradient)
      backend.gemm(true, false, 1, H, residual, 1, gradient)
      expect(
        largestDifference(
          entriesOf(gradient),
          entriesOf(gradient).map(() => 0),
        ),
      ).toBeLessThan(1e-12)
    }
  })

  it('is the same by the small system as by the large one: as many units, half of them idle', () => {
    // d_h = 6 < n = 12 factors HᵀH + λI; the same six units with six silent ones beside them factor HHᵀ + λI.
    const small = isolatedNetwork(6, 'relu')
    const large = isolatedNetwork(12, 'relu')
    entriesOf(large.E).fill(0)
    for (let i = 0; i < 5; i++)
      for (let u = 0; u < 6; u++) entriesOf(large.E)[12 * i + u] = entriesOf(small.E)[6 * i + u]!
    const fields = [small, large].map((network) => isolatedField(network, 0.3))
    const [smallVelocity, largeVelocity] = [small, large].map((network, k) => {
      const velocity = network.backend.matrix(5, network.E.columns)
      fields[k]!.evaluate([velocity])
      return velocity
    })
    expect([fields[0]!.factor.rows, fields[1]!.factor.rows]).toEqual([6, 12])
    const active = Float64Array.from(entriesOf(smallVelocity!), (_, at) => {
      return entriesOf(largeVelocity!)[12 * Math.floor(at / 6) + (at % 6)]!
    })
    expect(relativeDifference(active, [...entriesOf(smallVelocity!)])).toBeLessThan(1e-11)
    expect(fields[1]!.ridgeObjective()).toBeCloseTo(fields[0]!.ridgeObjective(), 10)
  })

  it('has at λ = 0 the objective ‖E‖² + ‖W‖², and fits the training set', () => {
    const network = isolatedNetwork(20, 'tanh')
    const { backend, E, W, train } = network
    const field = isolatedField(network, 0)
    field.evaluate([backend.matrix(5, 20)])
    expect(field.ridgeObjective()).toBeCloseTo(backend.dot(E, E) + backend.dot(W, W), 9)
    const H = backend.matrix(train.X.rows, 20)
    multiplyInputs(backend, train.X, E, H)
    backend.activate('tanh', H, H)
    const output = backend.matrix(train.X.rows, 5)
    backend.gemm(false, false, 1, H, W, 0, output)
    expect(largestDifference(entriesOf(output), entriesOf(train.Y))).toBeLessThan(1e-9)
  })

  it.each([
    [{ hidden: 20, ridge: 0 }, /^HHᵀ \(order 12\)/],
    [{ hidden: 20, ridge: 1e-300 }, /^HHᵀ \+ 1e-300·I \(order 12\)/],
    [{ hidden: 6, ridge: 1e-300 }, /^HᵀH \+ 1e-300·I \(order 6\)/],
  ])('says which matrix is not positive definite: %o', ({ hidden, ridge }, message) => {
    const alike = isolatedNetwork(hidden, 'relu')
    entriesOf(alike.E).fill(1)
    expect(() => isolatedField(alike, ridge).evaluate([alike.backend.matrix(5, hidden)])).toThrow(
      expect.objectContaining({ code: 'NOT_POSITIVE_DEFINITE', message: expect.stringMatching(message) }),
    )
  })

  it('has diverged, and no bad matrix, where H is not finite', () => {
    const network = isolatedNetwork(20, 'relu')
    entriesOf(network.E).fill(1e200)
    expect(() => isolatedField(network, 0).evaluate([network.backend.matrix(5, 20)])).toThrow(
      expect.objectContaining({ code: 'DIVERGED', message: expect.stringContaining('‖H‖² is Infinity') }),
    )
  })

  it('needs a linear readout, and without a ridge as many units as pairs', () => {
    const task = modularAddition(5)
    const biased = twoLayerNetwork(plainBackend('float64'), task, drawSplit(task.size, 12, 3), 20, 'relu', true)
    expect(() => isolatedField(biased, 0.3)).toThrow(
      expect.objectContaining({ code: 'INVALID_SPECIFICATION', message: expect.stringMatching(/^dynamics\.kind: /) }),
    )
    expect(() => isolatedField(isolatedNetwork(11, 'relu'), 0)).toThrow(RangeError)
    // As many as that are enough, and their system is HHᵀ.
    expect(() => isolatedField(isolatedNetwork(12, 'relu'), 0)).not.toThrow()
  })
})

function isolatedNetwork(
  hidden: number,
  activation: Activation,
  backend: Backend = plainBackend('float64'),
): TwoLayerNetwork {
  const task = modularAddition(5)
  const network = twoLayerNetwork(backend, task, drawSplit(task.size, 12, 3), hidden, activation)
  drawInitialWeights(backend, { kind: 'normal', standardDeviation: 1 }, 3, network.E, network.W)
  return network
}
