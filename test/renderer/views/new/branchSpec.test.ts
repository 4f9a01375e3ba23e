import { describe, expect, it } from 'vitest'
import { branchProblems, branchSpec, controlOf } from '../../../../src/renderer/views/new/branchSpec.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'

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

  it('says where it is of another size than the weights it begins with, with the way back', () => {
    const branch = { runId: 'r', step: 0, name: 'n', inputs: 11, outputs: 11, hidden: 64, spec }
    expect(branchProblems(at(0), branch)).toEqual([])
    const wider = { ...at(0), network: { hidden: 65 } }
    expect(branchProblems(wider, branch)).toEqual([
      {
        path: 'network.hidden',
        value: 65,
        message: 'network.hidden: a branch keeps the width of the run it begins from, 64',
        repairs: [{ label: 'Set 64', changes: [{ path: 'network.hidden', value: 64 }] }],
      },
    ])
    const larger = { ...at(0), task: { ...spec.task, modulus: 13 } }
    expect(branchProblems(larger, branch)).toEqual([
      {
        path: 'task.modulus',
        value: 13,
        message: 'task.modulus: a branch keeps the 11 inputs and 11 outputs of the run it begins from',
        repairs: [{ label: 'Set 11', changes: [{ path: 'task.modulus', value: 11 }] }],
      },
    ])
    const biased = { ...at(0), network: { hidden: 64, biases: true } }
    const [problem] = branchProblems(biased, branch)
    expect(problem).toMatchObject({
      path: 'network.biases',
      message: 'network.biases: a branch has no biases, like the run it begins from',
    })
    const ofBiased = { ...branch, spec: { ...spec, network: { ...spec.network, biases: true } } }
    expect(branchProblems(biased, ofBiased)).toEqual([])
    expect(branchProblems(at(0), ofBiased)).toMatchObject([
      { path: 'network.biases', repairs: [{ changes: [{ path: 'network.biases', value: true }] }] },
    ])
    const product = { ...at(0), task: { ...spec.task, kind: 'modularMultiplication' } }
    expect(branchProblems(product, branch)).toEqual([])
  })
})
