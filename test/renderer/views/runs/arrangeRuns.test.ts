import { describe, expect, it } from 'vitest'
import { arrangeRuns, groupings, type TableLine } from '../../../../src/renderer/views/runs/arrangeRuns.ts'
import { runColumns } from '../../../../src/renderer/views/runs/runColumns.ts'
import { runSummary } from '../../../support/runSummary.ts'

const runs = Array.from({ length: 60 }, (_, i) =>
  runSummary({
    id: `r${i}`,
    experimentId: `e${(i * 7) % 11}`,
    experiment: `experiment ${(i * 7) % 11}`,
    tags: i % 3 === 0 ? [] : [`t${i % 4}`],
    facets: { 'task.modulus': [11, 23, 37][i % 3]! },
    events: i % 5 === 0 ? {} : { generalized: { step: (i * 7919) % 101, tau: 1, value: 1 } },
    status: i % 4 === 0 ? 'failed' : 'finished',
  }),
)
const column = runColumns.find(({ id }) => id === 'generalizedStep')!
const idsOf = (lines: TableLine[]) => lines.flatMap((line) => (line.kind === 'run' ? [line.run.id] : []))

describe.each(groupings)('the table grouped by %s', (grouping) => {
  it.each([false, true])('shows every run once, each under its group (descending %s)', (descending) => {
    const lines = arrangeRuns(runs, grouping, { column, descending }, new Set())
    expect(idsOf(lines).toSorted()).toEqual(runs.map(({ id }) => id).toSorted())
    let group: Extract<TableLine, { kind: 'group' }> | undefined
    for (const line of lines) {
      if (line.kind === 'group') group = line
      else expect(line.group).toBe(group?.name)
    }
  })

  it.each([false, true])('sorts groups by their first runs, and puts what has no value last', (descending) => {
    const lines = arrangeRuns(runs, grouping, { column, descending }, new Set())
    const sequences = grouping === 'none' ? [lines] : [lines.filter(({ kind }) => kind === 'group')]
    for (const line of lines) if (line.kind === 'group') sequences.push(line.runs.map((run) => ({ kind: 'run', run })))
    for (const sequence of sequences) {
      const values = sequence.map((line) => column.of(line.kind === 'run' ? line.run : line.runs[0]!))
      const known = values.filter((value) => typeof value === 'number')
      expect(values.slice(0, known.length)).toEqual(known)
      expect(known).toEqual(known.toSorted((a, b) => (descending ? b - a : a - b)))
    }
  })
})

describe('the table', () => {
  it('hides the runs of a folded group and nothing else', () => {
    const open = arrangeRuns(runs, 'experiment', { column, descending: false }, new Set())
    const folded = arrangeRuns(runs, 'experiment', { column, descending: false }, new Set(['e3']))
    const hidden = runs.filter(({ experimentId }) => experimentId === 'e3').map(({ id }) => id)
    expect(hidden.length).toBeGreaterThan(0)
    expect(idsOf(folded)).toEqual(idsOf(open).filter((id) => !hidden.includes(id)))
  })

  it('orders equal values by seed, and then as the runs came', () => {
    const equal = runs.map((run, i) => ({
      ...run,
      events: { generalized: { step: 5, tau: 1, value: 1 } },
      seed: i % 3,
    }))
    const expected = [0, 1, 2].flatMap((seed) => equal.filter((run) => run.seed === seed).map(({ id }) => id))
    for (const descending of [false, true]) {
      expect(idsOf(arrangeRuns(equal, 'none', { column, descending }, new Set()))).toEqual(expected)
    }
  })
})
