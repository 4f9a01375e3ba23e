import { describe, expect, it } from 'vitest'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { mapAxis } from '../../../src/shared/map/mapAxis.ts'

const axisOf = (field: string, values: readonly (string | number)[]) =>
  mapAxis(
    field,
    values.map((value) => ({ facets: { [field]: value } as Facets })),
  ).axis

describe('a field of runs as an axis', () => {
  it('is counted where its values are whole numbers by what they are', () => {
    expect(axisOf('task.modulus', [7, 11]).isCounted).toBe(true)
    expect(axisOf('dynamics.weightDecay', [1, 2]).isCounted).toBeUndefined()
  })

  it('ends where the field does', () => {
    expect(axisOf('task.trainFraction', [0.5, 1]).bounds).toEqual({ above: 0, max: 1 })
    expect(axisOf('dynamics.weightDecay', [0, 1]).bounds).toEqual({ min: 0, max: 1_000_000 })
  })
})
