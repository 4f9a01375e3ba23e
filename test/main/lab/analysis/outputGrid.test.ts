import { describe, expect, it } from 'vitest'
import { outputGrid } from '../../../../src/main/lab/analysis/outputGrid.ts'
import type { Backend, Matrix } from '../../../../src/main/lab/backend/backend.ts'
import type { ModularTask } from '../../../../src/shared/tasks/modular.ts'

const p = 5

/** The grid of a network whose outputs are the tokens that it sees. */
function tokensOnGrid(kind: 'modularAddition' | 'modularSubtraction' | 'modularDivision') {
  const isUnordered = kind === 'modularAddition'
  const task: ModularTask = {
    ...{ kind, modulus: p, trainFraction: 0.5, split: { kind: 'random' } },
    ...{ pairs: isUnordered ? 'unordered' : 'ordered', inputs: isUnordered ? 'sum' : 'concatenated' },
  }
  // Its matrices are the entries themselves.
  const backend = {
    inputRows: (_: number, __: number, tokens: Int32Array) => tokens,
    download: (M: Matrix) => M,
  } as unknown as Backend
  const grid = outputGrid(backend, task, (tokens) => tokens as unknown as Matrix)
  const cells = Array.from({ length: p * p }, (_, cell) => ({ a: Math.floor(cell / p), b: cell % p, cell }))
  return { grid, cells, tokensAt: (cell: number) => [...grid.data.subarray(2 * cell, 2 * cell + 2)].map((t) => t % p) }
}

describe('the outputs on every pair of tokens', () => {
  it('of unordered pairs are those of the smaller token first, in both cells, of which one is the first', () => {
    const { grid, cells, tokensAt } = tokensOnGrid('modularAddition')
    for (const { a, b, cell } of cells) {
      expect(tokensAt(cell)).toEqual([Math.min(a, b), Math.max(a, b)])
      expect(grid.places[cell]).toBe(grid.places[b * p + a])
      expect(grid.classes[cell]).toBe((a + b) % p)
      expect(grid.isFirst[cell]).toBe(a <= b ? 1 : 0)
    }
  })

  it('of ordered pairs are their own', () => {
    const { grid, cells, tokensAt } = tokensOnGrid('modularSubtraction')
    for (const { a, b, cell } of cells) {
      expect([tokensAt(cell), grid.classes[cell], grid.isFirst[cell]]).toEqual([[a, b], (a - b + p) % p, 1])
    }
  })

  it('stand in cells that are no pair as well, and are nothing there', () => {
    const { grid, cells } = tokensOnGrid('modularDivision')
    for (const { a, b, cell } of cells) {
      const [place, answer] = [grid.places[cell]!, grid.classes[cell]!]
      expect([place >= 0, grid.isFirst[cell]]).toEqual(b === 0 ? [false, 0] : [true, 1])
      expect(b === 0 ? answer : (answer * b) % p).toBe(b === 0 ? -1 : a)
    }
  })
})
