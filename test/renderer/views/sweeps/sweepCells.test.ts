import { describe, expect, it } from 'vitest'
import { answersWithClasses } from '../../../../src/renderer/views/sweeps/sweepCells.ts'

describe('what the runs of a sweep answer', () => {
  const content = { hash: 'a'.repeat(64), samples: 40, features: 6 }
  it.each([
    ['classes', true, { kind: 'modularAddition', modulus: 7, trainFraction: 0.5 }],
    [
      'classes of a file',
      true,
      { kind: 'dataset', path: 'x.npz', trainFraction: 0.5, content: { ...content, targets: 'classes', outputs: 2 } },
    ],
    [
      'real targets of a file',
      false,
      { kind: 'dataset', path: 'x.npz', trainFraction: 0.5, content: { ...content, targets: 'real', outputs: 2 } },
    ],
    ['what axes decide', true, { kind: 'modularAddition' }],
  ])('is known of %s', (_, expected, task) => {
    expect(answersWithClasses({ task })).toBe(expected)
  })
})
