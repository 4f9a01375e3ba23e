import { describe, expect, it } from 'vitest'
import { isolatedField } from '../../../../src/main/lab/dynamics/isolatedField.ts'
import { modularAddition } from '../../../support/modularAddition.ts'
import { adaptiveStep } from '../../../../src/main/lab/integrators/adaptiveStep.ts'
import { tableaus } from '../../../../src/main/lab/integrators/tableaus.ts'
import { fixedStep } from '../../../../src/main/lab/integrators/fixedStep.ts'
import { twoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import type { Activation } from '../../../../src/shared/experiment.ts'
import type { IntegratorSpec } from '../../../../src/shared/dynamics/integrators.ts'
import { backend } from '../../../support/closedField.ts'
import { collectRun, eventsOf, largestDifference, readReference, runSpec, toMatrix } from '../../../support/runs.ts'
import { entriesOf } from '../../../support/entries.ts'

type State = number[][]

interface Reference {
  modulus: number
  hidden: number
  activation: Activation
  ridge: number
  train: number[]
  start: State
  stepSize: number
  steps: number
  shares: number[]
  methods: {
    kind: IntegratorSpec['kind']
    fixed: State
    dense: State[]
    adaptive: { tolerance: number; lengths: number[]; rejected: number; E: State }
  }[]
  solution: { time: number; E: State }[]
}

const reference = readReference('integrators') as Reference
const { modulus, hidden, activation, ridge, start, stepSize, steps, shares } = reference
const train = Int32Array.from(reference.train)

function startedField() {
  const task = modularAddition(modulus)
  const test = Int32Array.from({ length: task.size }, (_, pair) => pair).filter((pair) => !train.includes(pair))
  const network = twoLayerNetwork(backend, task, { train, test }, hidden, activation)
  entriesOf(network.E).set(start.flat())
  return { field: isolatedField(network, ridge), E: entriesOf(network.E) }
}

describe('SciPy and NumPy come to the same', () => {
  it.each(reference.methods)('in fixed steps: $kind', ({ kind, fixed }) => {
    const { field, E } = startedField()
    const integrator = fixedStep(backend, field, stepSize, tableaus[kind])
    integrator.begin()
    for (let i = 0; i < steps; i++) integrator.step(stepSize)
    expect(largestDifference(E, fixed.flat())).toBeLessThan(1e-13)
  })

  it.each(reference.methods)('in adaptive steps, of which each is as long: $kind', ({ kind, adaptive }) => {
    const { field, E } = startedField()
    const integrator = adaptiveStep(backend, field, stepSize, adaptive.tolerance, tableaus[kind])
    integrator.begin()
    for (const length of adaptive.lengths) expect(integrator.step(Infinity) / length).toBeCloseTo(1, 6)
    expect(integrator.report()).toMatchObject({ accepted: adaptive.lengths.length, rejected: adaptive.rejected })
    expect(largestDifference(E, adaptive.E.flat())).toBeLessThan(1e-9)
  })

  it.each(reference.methods)('within a step: $kind', ({ kind, dense }) => {
    const { field, E } = startedField()
    const integrator = adaptiveStep(backend, field, stepSize, 1, tableaus[kind])
    integrator.begin()
    integrator.step(stepSize)
    shares.forEach((share, i) => {
      integrator.interpolate(share)
      expect(largestDifference(E, dense[i]!.flat())).toBeLessThan(1e-14)
    })
  })

  it('along a run that solve_ivp integrates to 1e-12, whose snapshots lie within steps', async () => {
    const every = Math.round(reference.solution[0]!.time / 1e-3)
    const spec = runSpec({
      task: { kind: 'modularAddition', modulus, trainFraction: train.length / ((modulus * (modulus + 1)) / 2) },
      network: { hidden, activation },
      dynamics: {
        kind: 'isolated',
        ridge,
        integrator: { kind: 'dormandPrince', stepSize: 1e-3, tolerance: 1e-10, output: 'dense' },
        steps: every * reference.solution.length,
      },
      record: { measureEvery: every, snapshots: reference.solution.map((_, i) => every * (i + 1)) },
    })
    const snapshots = eventsOf(
      await collectRun(spec, { initial: { parameters: { E: toMatrix(start) }, train } }),
      'snapshot',
    )
    for (const { time, E } of reference.solution) {
      const { snapshot } = snapshots.find((each) => each.snapshot.step === Math.round(time / 1e-3))!
      expect(snapshot.scalars['stepStart']).toBeLessThan(snapshot.step)
      expect(largestDifference(snapshot.matrices['E']!.data, E.flat())).toBeLessThan(1e-8)
    }
  })
})
