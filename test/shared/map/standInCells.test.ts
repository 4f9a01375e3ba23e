import { expect, it } from 'vitest'
import { standInCells } from '../../../src/shared/map/standInCells.ts'
import type { CellState } from '../../../src/shared/panel.ts'

/** A grid of 6 × 3, in an order that is not that of its places. */
const cells = [4, 0.5, 2, 1, 16, 8].flatMap((x) => [30, 10, 20].map((y) => ({ x, y })))
const cellAt = (x: number, y: number) => cells.findIndex((cell) => cell.x === x && cell.y === y)
const among = (known: Record<number, CellState>) => cells.map((_, cell): CellState => known[cell] ?? 'missing')

it('has a missing cell drawn as the nearest of the coarse grid that is known, whatever came of that', () => {
  const [corner, upper] = [cellAt(0.5, 10), cellAt(0.5, 30)]
  const standIns = standInCells(cells, among({ [corner]: 'censored', [upper]: 'value' }))
  expect(standIns[cellAt(1, 10)]).toBe(corner)
  expect(standIns[cellAt(1, 30)]).toBe(upper)
  // Nothing is near enough.
  expect(standIns[cellAt(8, 10)]).toBe(-1)
  // What is known stands for itself.
  expect([standIns[corner], standIns[upper]]).toEqual([-1, -1])
})

it('prefers what is nearer once that is known', () => {
  const [corner, near] = [cellAt(0.5, 10), cellAt(2, 10)]
  expect(standInCells(cells, among({ [corner]: 'value' }))[cellAt(1, 10)]).toBe(corner)
  expect(standInCells(cells, among({ [corner]: 'value', [near]: 'value' }))[cellAt(1, 10)]).toBe(near)
})
