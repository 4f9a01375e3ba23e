import { describe, expect, it } from 'vitest'
import { runsAt, slicedFields, valuesOf } from '../../../src/shared/map/slices.ts'
import { mapPanel, mapRuns, quantityLayer } from '../../../src/shared/map/mapPanel.ts'
import { statisticsOf } from '../../../src/shared/map/statisticsOf.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

const values = { x: [1, 2, 4], y: [0.5, 0.7], z: ['a', 'b'] }
/** Two seeds at every combination; `w` changes with `x`. */
const runs: RunSummary[] = values.x.flatMap((x) =>
  values.y.flatMap((y) =>
    values.z.flatMap((z) =>
      [0, 1].map((seed) =>
        runSummary({
          id: `${x} ${y} ${z} ${seed}`,
          seed,
          status: 'finished',
          facets: { x, y, z, w: 10 * x } as unknown as RunSummary['facets'],
          events: { generalized: { step: 100 * x + seed, tau: 1, value: 1 } },
        }),
      ),
    ),
  ),
)

describe('a plane through a sweep', () => {
  it('is cut where fields that are on neither axis stand at several values', () => {
    expect(slicedFields(runs, ['x', 'y', 'z', 'w'], ['x', 'y'])).toEqual(['z'])
    expect(slicedFields(runs, ['x', 'y', 'z', 'w'], ['x', 'z'])).toEqual(['y'])
    expect(valuesOf(runs, 'z')).toEqual(['a', 'b'])
    expect(runsAt(runs, [{ field: 'z', value: 'b' }])).toHaveLength(12)
  })

  it('has the cells of its picture in the order of its runs', () => {
    const map = mapRuns(runsAt(runs, [{ field: 'z', value: 'a' }]), { x: 'x', y: 'y' })
    const panel = mapPanel(map, quantityLayer(map, 't_grok', 'median'))
    expect(map.cells).toHaveLength(6)
    map.cells.forEach((cell, place) => {
      expect([panel.cells.x[place], panel.cells.y[place]]).toEqual([cell.x, cell.y])
      expect(cell.runs).toHaveLength(2)
      expect(panel.cells.value[place]).toBe(100 * cell.x + 0.5)
    })
  })

  it('has a share of what happens, and not of what every run has', () => {
    expect(statisticsOf('t_grok')).toContain('share')
    expect(statisticsOf('testAccuracy')).not.toContain('share')
  })
})
