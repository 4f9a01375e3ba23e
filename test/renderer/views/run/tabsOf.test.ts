import { describe, expect, it } from 'vitest'
import { tabsOf } from '../../../../src/renderer/views/run/tabsOf.ts'
import { facetsOfFigure6 } from '../../../support/runSummary.ts'

const ofTask = (task: Record<string, string | number>) =>
  tabsOf(Object.fromEntries(Object.entries(task).map(([name, value]) => [`task.${name}`, value])))

describe('the tabs of a run', () => {
  it('are those that its task can fill: Fourier needs a cyclic symmetry, Predictions a grid of two tokens', () => {
    expect(tabsOf(facetsOfFigure6)).toEqual([
      'curves',
      'matrices',
      'fourier',
      'geometry',
      'chattering',
      'predictions',
      'provenance',
    ])
    const without = ['curves', 'matrices', 'geometry', 'chattering', 'provenance']
    expect(ofTask({ kind: 'sparseParity', bits: 9, parityBits: 2, samples: 17, trainFraction: 0.5 })).toEqual(without)
    const ofFile = { kind: 'dataset', path: '/tmp/d.npz', trainFraction: 0.5 }
    const content = { hash: 'a'.repeat(64), samples: 40, features: 6, targets: 'real', outputs: 1 }
    const named = Object.fromEntries(Object.entries(content).map(([name, value]) => [`content.${name}`, value]))
    expect(ofTask({ ...ofFile, ...named })).toEqual(without)
    // 12 is no prime: its products have no cyclic symmetry.
    expect(
      ofTask({ kind: 'modularMultiplication', modulus: 12, trainFraction: 0.5, inputs: 'sum', pairs: 'unordered' }),
    ).toEqual(['curves', 'matrices', 'geometry', 'chattering', 'predictions', 'provenance'])
  })

  it('are all of a network where a newer version names its task otherwise', () => {
    expect(ofTask({ kind: 'modularAddition', modulus: 'of tomorrow' })).toEqual(tabsOf(facetsOfFigure6))
  })

  it('of a toy have neither layers nor predictions', () => {
    expect(ofTask({ kind: 'toy' })).toEqual(['curves', 'geometry', 'provenance'])
  })
})
