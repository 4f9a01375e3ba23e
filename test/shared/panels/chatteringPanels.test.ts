import { describe, expect, it } from 'vitest'
import type { SignChanges } from '../../../src/shared/analysis.ts'
import { changeCountsPanel, orderByKind, signChangesPanel } from '../../../src/shared/panels/chatteringPanels.ts'

/** Three pairs and four units; of the pair (1, 1) half chatter, of the others a quarter. */
const changes = { rows: 3, columns: 4, data: Float32Array.from([0, 1, 3, 2, 3, 4, 0, 1, 0, 0, 0, 4]) }
const samples = { a: Int32Array.from([0, 1, 1]), b: Int32Array.from([1, 1, 2]) }
const pairs: SignChanges = { step: 7, ahead: 4, changes, samples, chatteringShare: 1 / 3 }
const inputs: SignChanges = { ...pairs, samples: { sample: Int32Array.from([5, 6, 9]) } }

const plainSpaces = (words: string) =>
  words.replaceAll('\u202f', ' ').replaceAll('\u2009', ' ').replaceAll('\u00a0', ' ')

describe('pictures of chattering', () => {
  it('say which share chatters, of each kind of pair', () => {
    const { caption, range, title } = signChangesPanel(pairs, ['isolated'])
    expect(title).toBe('Changes of sign from step 7')
    expect(plainSpaces(caption)).toBe(
      '3 training pairs × 4 units; 33.3 % change sign 3 times or more in 4 steps (a = b 50.0 %, a ≠ b 25.0 %); isolated',
    )
    expect(range).toEqual([0, 4])
    expect(plainSpaces(signChangesPanel(inputs, []).caption)).toBe(
      '3 training samples × 4 units; 33.3 % change sign 3 times or more in 4 steps',
    )
  })

  it('have rows of equal tokens first where there are any', () => {
    expect([...orderByKind(pairs)!]).toEqual([1, 0, 2])
    expect(orderByKind(inputs)).toBeNull()
  })

  it('count each kind apart', () => {
    const { series } = changeCountsPanel(pairs)
    expect(series.map(({ name, y }) => [name, [...y]])).toEqual([
      ['a = b', [1 / 4, 0, 1 / 4, 1 / 4]],
      ['a ≠ b', [1 / 8, 1 / 8, 1 / 8, 1 / 8]],
    ])
    expect(changeCountsPanel(inputs).series.map(({ name }) => name)).toEqual(['all samples'])
  })
})
