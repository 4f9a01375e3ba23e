import { describe, expect, it } from 'vitest'
import { groupReading } from '../../../../src/renderer/views/runs/groupReading.ts'
import { cellText, runColumns } from '../../../../src/renderer/views/runs/runColumns.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { facetFields, type Facets } from '../../../../src/shared/specification/facets.ts'
import { runSummary } from '../../../support/runSummary.ts'

const columnOf = (id: string) => runColumns.find((column) => column.id === id)!
const runs = [2, 4, 4, 4, 5, 5, 7, 9].map((step) =>
  runSummary({ events: { generalized: { step, tau: 1, value: 1 } }, seconds: step * 100, tau: step / 2 }),
)

describe("a group's line", () => {
  it('gives mean and sample deviation, in the decimals of the runs', () => {
    // Mean 5; squared distances add up to 32, and 32/7 has the root 2.14.
    expect(groupReading(columnOf('generalizedStep'), runs)).toEqual({
      text: '5',
      around: '± 2',
      title: '5 ± 2, mean and deviation of 8 runs',
    })
  })

  it('gives the deviation as many decimals as the mean', () => {
    const norms = [79.64, 79.98, 80.4].map((firstLayerNormSquared) => runSummary({ latest: { firstLayerNormSquared } }))
    expect(groupReading(columnOf('firstLayerNormSquared'), norms)).toMatchObject({ text: '80.0', around: '± 0.4' })
    const small = [1e-9, 3e-9].map((testMse) => runSummary({ latest: { testMse } }))
    expect(groupReading(columnOf('testMse'), small).around).toBe('± 1.41\u2009×\u200910⁻⁹')
  })

  it('has no mean before every run has what it is of, and says how many have', () => {
    const grokked = (count: number, status: RunSummary['status'] = 'finished') =>
      [1, 2, 3, 4, 5].map((n) =>
        runSummary({
          events: n <= count ? { generalized: { step: 100 * n, tau: n, value: 1 } } : {},
          latest: { firstLayerNormSquared: n },
          status,
        }),
      )
    const text = (id: string, of: readonly RunSummary[]) => groupReading(columnOf(id), of).text
    expect(text('generalizedStep', grokked(5))).toBe('300')
    expect(text('generalizedStep', grokked(3))).toBe('3 of 5')
    // When a run has grokked is settled, though it goes on; its norm is not.
    expect(text('generalizedStep', grokked(5, 'running'))).toBe('300')
    expect(text('firstLayerNormSquared', grokked(5))).toBe('3')
    expect(text('firstLayerNormSquared', [...grokked(4), ...grokked(1, 'failed')])).toBe('5 of 10')
    expect(text('firstLayerNormSquared', grokked(0, 'interrupted'))).toBe('0 of 5')
  })

  it('adds times up and shows ranges', () => {
    expect(groupReading(columnOf('seconds'), runs).text).toBe('1:06:40')
    expect(groupReading(columnOf('tau'), runs).text).toBe('1–4.50')
  })

  it.each(runColumns.filter(({ group }) => group === 'same'))('shows $id only where all runs share it', (column) => {
    const [one] = runs
    expect(groupReading(column, runs).text).toBe(cellText(column, one!))
    const others = Object.fromEntries(facetFields.map(({ path }, i) => [path, i + 0.5])) as Facets
    const unlike = runSummary({ facets: others, trainPairs: 2 })
    expect(groupReading(column, [...runs, unlike]).text).toBe('')
  })

  it('says nothing where no run has a value', () => {
    for (const column of runColumns) expect(groupReading(column, []).text).toBe('')
  })
})
