import { expect, it } from 'vitest'
import { mapRuns } from '../../../src/shared/map/mapPanel.ts'
import { wideRows } from '../../../src/shared/map/wideRows.ts'
import { runSummary } from '../../support/runSummary.ts'

const [fraction, decay] = ['task.trainFraction', 'dynamics.weightDecay']
const runs = [0.5, 0.7, 0.9].flatMap((share) =>
  [0.25, 1, 4, 16].map((wd) => ({ ...runSummary(), facets: { [fraction]: share, [decay]: wd } })),
)

it('tells the rows in which the band is not narrower than the cells between which the boundary lies', () => {
  const map = mapRuns(runs, { x: decay, y: fraction })
  const at = Float64Array.from([0.5, 0.7, 0.9])
  const along = { label: '', along: 'x' as const, at }
  const rows = (middle: number[], from: number[], to: number[]) => [
    ...wideRows(map, {
      ...along,
      middle: Float64Array.from(middle),
      from: Float64Array.from(from),
      to: Float64Array.from(to),
    }),
  ]
  // A ratio of 4 is one cell of this logarithmic axis, wherever it is; the second row has no boundary.
  expect(rows([2, NaN, 8], [1, NaN, 4.1], [4, NaN, 16])).toEqual([0.5])
  expect(rows([2, NaN, 0.1], [1.1, NaN, 0.01], [4, NaN, 0.5])).toEqual([0.9])
  // Up, cells are 0.2 apart.
  const up = { label: '', along: 'y' as const, at: Float64Array.from([0.25, 1]) }
  const bands = { middle: Float64Array.from([0.6, 0.6]), from: Float64Array.from([0.5, 0.55]) }
  expect([...wideRows(map, { ...up, ...bands, to: Float64Array.from([0.71, 0.7]) })]).toEqual([0.25])
})
