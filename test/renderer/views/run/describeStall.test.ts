import { expect, it } from 'vitest'
import { createStallDetector } from '../../../../src/main/lab/stallDetector.ts'
import { describeStall } from '../../../../src/renderer/views/run/describeStall.ts'
import type { DynamicsSpec } from '../../../../src/shared/dynamics/dynamics.ts'

it('of a run whose weights are gone says no more of its accuracy than what it is judged by', () => {
  const detector = createStallDetector({ kind: 'isolated' } as DynamicsSpec)
  const measured = (firstLayerNormSquared: number) => ({
    firstLayerNormSquared,
    secondLayerNormSquared: 0,
    trainAccuracy: 0.5,
  })
  const context = { pull: 1, guessAccuracy: 0.5 }
  expect(detector.at(0, measured(1), context)).toBeUndefined()
  const value = detector.at(1, measured(4e6), context)!
  const { meaning } = describeStall('isolated', value)
  // Of a parity half of the samples are right by one answer to all, though nothing was learned.
  expect(meaning).toMatch(/2\D?000-fold.* no more .* right than at its start, or than one answer to all/)
})
