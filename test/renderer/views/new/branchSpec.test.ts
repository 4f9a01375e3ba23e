import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createInterventions } from '../../../../src/main/lab/interventions/interventions.ts'
import { branchSpec, controlOf } from '../../../../src/renderer/views/new/branchSpec.ts'
import { weightDecayAt } from '../../../../src/shared/decayTime.ts'
import { toRunSpec, type ComposedRunSpec, type TrainingSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { smallNetwork } from '../../../support/smallNetwork.ts'

type TrainedSpec = ComposedRunSpec & { dynamics: TrainingSpec }
const network = smallNetwork('relu')

const input = {
  name: 'trained',
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 64 },
  dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-4, steps: 1000 },
  interventions: [
    { at: 100, kind: 'removeFrequencies', frequencies: [2] },
    { at: 100, kind: 'setWeightDecay', value: 0.001 },
    { at: 300, kind: 'rescale', layer: 'first', factor: 2 },
    { at: 700, kind: 'keepFrequencies', frequencies: [1, 3] },
  ],
  seeds: [4],
}
const spec = toRunSpec(parseExperiment(input), 4)
const at = (step: number, name = 'trained, seed 4') => branchSpec({ name, spec, step })

describe('the draft of a branch', () => {
  it('is valid, goes as far as its run would have, and is of its seed', () => {
    expect(parseExperiment(at(300))).toMatchObject({
      name: 'trained, seed 4, from 300',
      seeds: [4],
      dynamics: { kind: 'training', steps: 700 },
    })
  })

  it('has the interventions that are to come, as much earlier, and those that hold on', () => {
    expect(at(300).interventions).toEqual([
      { at: 0, kind: 'setWeightDecay', value: 0.001 },
      { at: 400, kind: 'keepFrequencies', frequencies: [1, 3] },
    ])
    expect(at(0).interventions).toEqual(spec.interventions)
  })

  it('keeps in force what its run is under, in whatever order interventions are listed', () => {
    const change = fc.record({
      kind: fc.constant('setWeightDecay' as const),
      at: fc.nat(4).map((place) => 200 * place),
      value: fc.nat(5),
    })
    const clamp = fc.record({
      kind: fc.constant('clampNorm' as const),
      at: fc.nat(4).map((place) => 200 * place),
      norm: fc.integer({ min: 1, max: 5 }),
    })
    const normAt = (run: TrainedSpec, step: number) => createInterventions(run, network).normAt(step)
    fc.assert(
      fc.property(fc.array(fc.oneof(change, clamp), { maxLength: 8 }), fc.nat(800), (interventions, step) => {
        const parent = { ...spec, interventions } as TrainedSpec
        const branch = { ...parent, ...branchSpec({ name: 'a', spec: parent, step }) } as TrainedSpec
        for (const further of [0, 1, 100, 200, 700]) {
          expect(weightDecayAt(branch, further)).toBe(weightDecayAt(parent, step + further))
          expect(normAt(branch, further)).toBe(normAt(parent, step + further))
        }
      }),
    )
  })

  it('goes as long as its run again from where that ended', () => {
    expect(at(1000)).toMatchObject({ dynamics: { steps: 1000 } })
  })

  it('has a control without what was added to the interventions of its parent, where anything was', () => {
    const of = { name: 'trained', spec, step: 300 }
    const draft = at(300, 'trained')
    expect(controlOf(draft, of)).toBeNull()
    const added = { at: 9, kind: 'removeFrequencies', frequencies: [1] }
    const changed = { ...draft, interventions: [...(draft['interventions'] as unknown[]), added] }
    const control = controlOf(changed, of)!
    expect(control).toEqual({ ...draft, name: 'trained, from 300, control' })
    expect(parseExperiment(control)).toMatchObject({ interventions: draft.interventions })
    expect(controlOf({ ...changed, name: 'n'.repeat(200) }, of)!.name).toMatch(/^n{191}, control$/)
    // What the draft leaves out of its parent's is in neither.
    expect(controlOf({ ...draft, interventions: [added] }, of)).toMatchObject({ interventions: [] })
    const [bare, none] = [
      { ...spec, interventions: [] },
      { ...draft, interventions: undefined },
    ]
    expect(controlOf(none, { ...of, spec: bare })).toBeNull()
  })

  it('has a name that the host takes', () => {
    expect((at(300, 'n'.repeat(200)).name as string).length).toBe(200)
  })
})
