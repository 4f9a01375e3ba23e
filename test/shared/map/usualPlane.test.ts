import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueOnAxis } from '../../../src/shared/map/mapAxis.ts'
import { runsAt, slicedFields, valuesOf } from '../../../src/shared/map/slices.ts'
import { usualPlane } from '../../../src/shared/map/usualPlane.ts'
import type { RunSummary } from '../../../src/shared/run.ts'

const runsOf = (all: readonly Record<string, number | string>[]) =>
  all.map((facets) => ({ facets })) as unknown as RunSummary[]

/** Counted by what draws a plane. */
function cellsOf(runs: readonly RunSummary[], fields: readonly string[], x: string, y: string): number {
  const at = slicedFields(runs, fields, [x, y]).map((field) => ({ field, value: valuesOf(runs, field)[0]! }))
  return new Set(runsAt(runs, at).map((run) => JSON.stringify([valueOnAxis(run, x), valueOnAxis(run, y)]))).size
}

describe('the plane over which runs are mapped until another is chosen', () => {
  it('has the most cells of runs that are unlike, where two numbers have one', () => {
    const fields = ['steps', 'optimizer', 'rate', 'activation']
    const runs = runsOf([
      { steps: 2000, optimizer: 'gd', rate: 1, activation: 'relu' },
      { steps: 2000, optimizer: 'gd', rate: 1, activation: 'tanh' },
      { steps: 2000, optimizer: 'adamw', rate: 1, activation: 'relu' },
      { steps: 2000, optimizer: 'adamw', rate: 1, activation: 'tanh' },
      { steps: 1500, optimizer: 'momentum', rate: 0.1, activation: 'gelu' },
    ])
    expect(cellsOf(runs, fields, 'rate', 'steps')).toBe(1)
    expect(usualPlane(runs, fields)).toEqual({ x: 'activation', y: 'optimizer' })
    expect(cellsOf(runs, fields, 'activation', 'optimizer')).toBe(5)
  })

  it('is of numbers where names have no more cells, the last of them across and the first up', () => {
    const grid = [1, 2].flatMap((a) => [3, 4].flatMap((b) => ['u', 'v'].map((name) => ({ a, name, b }))))
    expect(usualPlane(runsOf(grid), ['name', 'a', 'b'])).toEqual({ x: 'b', y: 'a' })
  })

  it('has as many cells as any other, as they are drawn', () => {
    const fields = ['a', 'b', 'c', 'd']
    const value = fc.constantFrom<(number | string)[]>(1, 2, 3, 'u')
    const run = fc.record({ a: value, b: value, c: value, d: value })
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (all) => {
        const runs = runsOf(all)
        const { x, y } = usualPlane(runs, fields)
        const counts = fields.flatMap((one) =>
          fields.flatMap((other) => (one === other ? [] : [cellsOf(runs, fields, one, other)])),
        )
        expect(cellsOf(runs, fields, x, y)).toBe(Math.max(...counts))
      }),
    )
  })
})
