import { describe, expect, it } from 'vitest'
import { groupText } from '../../../../src/renderer/views/runs/groupText.ts'
import { cellText, tableColumns, type TableColumn } from '../../../../src/renderer/views/runs/tableColumns.ts'
import { readColumn } from '../../../../src/shared/query/runColumns.ts'
import type { Reading } from '../../../../src/shared/query/runTable.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { facetFields, type Facets } from '../../../../src/shared/specification/facets.ts'
import { runSummary } from '../../../support/runSummary.ts'

const columnOf = (id: string) => tableColumns.find((column) => column.id === id)!
const textOf = (id: string, of: readonly RunSummary[]) =>
  groupText(columnOf(id), readingOf(columnOf(id), of), of.length)
const runs = [2, 4, 4, 4, 5, 5, 7, 9].map((step) =>
  runSummary({ events: { generalized: { step, tau: 1, value: 1 } }, seconds: step * 100, tau: step / 2 }),
)

/** What a host answers of a group, worked out plainly. */
function readingOf(column: TableColumn, group: readonly RunSummary[]): Reading {
  const all = group.map((run) => readColumn(column, run))
  const numbers = all.filter((value) => typeof value === 'number')
  const settled = group.filter((run) => column.settled || run.status === 'finished')
  const sum = numbers.reduce((total, value) => total + value, 0)
  const mean = sum / numbers.length
  const squares = numbers.reduce((total, value) => total + (value - mean) ** 2, 0)
  const isNone = numbers.length === 0
  return {
    count: all.filter((value) => value !== null).length,
    settled: settled.filter((run) => readColumn(column, run) !== null).length,
    sum,
    min: isNone ? null : Math.min(...numbers),
    max: isNone ? null : Math.max(...numbers),
    mean: isNone ? null : mean,
    deviation: numbers.length < 2 ? null : Math.sqrt(squares / (numbers.length - 1)),
    integers: numbers.every(Number.isInteger),
    same: all.every((value) => value === all[0]) ? (all[0] ?? null) : null,
  }
}

describe("a group's line", () => {
  it('gives mean and sample deviation, in the decimals of the runs', () => {
    // Mean 5; squared distances add up to 32, and 32/7 has the root 2.14.
    expect(textOf('generalizedStep', runs)).toEqual({
      text: '5',
      around: '± 2',
      title: '5 ± 2, mean and deviation of 8 runs',
    })
  })

  it('gives the deviation as many decimals as the mean', () => {
    const norms = [79.64, 79.98, 80.4].map((firstLayerNormSquared) => runSummary({ latest: { firstLayerNormSquared } }))
    expect(textOf('firstLayerNormSquared', norms)).toMatchObject({ text: '80.0', around: '± 0.4' })
    const small = [1e-9, 3e-9].map((testMse) => runSummary({ latest: { testMse } }))
    expect(textOf('testMse', small).around).toBe('± 1.41\u2009×\u200910⁻⁹')
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
    const text = (id: string, of: readonly RunSummary[]) => textOf(id, of).text
    expect(text('generalizedStep', grokked(5))).toBe('300')
    expect(text('generalizedStep', grokked(3))).toBe('3 of 5')
    // When a run has grokked is settled, though it goes on; its norm is not.
    expect(text('generalizedStep', grokked(5, 'running'))).toBe('300')
    expect(text('firstLayerNormSquared', grokked(5))).toBe('3')
    expect(text('firstLayerNormSquared', [...grokked(4), ...grokked(1, 'failed')])).toBe('5 of 10')
    expect(text('firstLayerNormSquared', grokked(0, 'interrupted'))).toBe('0 of 5')
  })

  it('adds times up and shows ranges', () => {
    expect(textOf('seconds', runs).text).toBe('1:06:40')
    expect(textOf('tau', runs).text).toBe('1–4.50')
  })

  it.each(tableColumns.filter(({ group }) => group === 'same'))('shows $id only where all runs share it', (column) => {
    const [one] = runs
    expect(textOf(column.id, runs).text).toBe(cellText(column, one!))
    const others = Object.fromEntries(facetFields.map(({ path }, i) => [path, i + 0.5])) as Facets
    const unlike = runSummary({ facets: others, trainPairs: 2 })
    expect(textOf(column.id, [...runs, unlike]).text).toBe('')
  })

  it('says nothing where no run has a value', () => {
    for (const column of tableColumns) {
      expect(textOf(column.id, []).text).toBe('')
      expect(groupText(column, undefined, 3).text, 'before it is known').toBe('')
    }
  })

  it('sets large numbers of runs in groups of three digits, as all numbers', () => {
    const reading = { ...readingOf(columnOf('generalizedStep'), runs), settled: 11_500 }
    expect(groupText(columnOf('generalizedStep'), reading, 12_000).text).toBe('11\u2009500 of 12\u2009000')
  })
})
