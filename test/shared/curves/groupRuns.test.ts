import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { groupingOfFigure, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { numberRepeats } from '../../../src/shared/curves/runLabels.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { facetsOfFigure6, runSummary } from '../../support/runSummary.ts'

interface Cell {
  experiment: string
  wd?: number
  fraction?: number
  steps?: (seed: number) => number
}

/** Each cell an experiment of its own, of two seeds. */
function runsOf(cells: readonly Cell[]): RunSummary[] {
  return cells.flatMap(({ experiment, wd = 1, fraction = 0.8, steps = () => 100 }, cell) =>
    [0, 1].map((seed) =>
      runSummary({
        ...{ id: `${cell} ${seed}`, experimentId: `e${cell}`, experiment, seed, name: `${experiment}, seed ${seed}` },
        facets: {
          ...facetsOfFigure6,
          ...{ 'dynamics.weightDecay': wd, 'task.trainFraction': fraction, 'dynamics.steps': steps(seed) },
        },
      }),
    ),
  )
}
const groupsOf = (cells: readonly Cell[]) =>
  groupRuns(compareRuns(runsOf(cells), undefined).runs, groupingOfFigure('experiment'))
const namesOf = (cells: readonly Cell[]) => groupsOf(cells).map(({ name }) => name)

describe('groups of runs by experiment', () => {
  it('are as many as experiments differ in name or specification, each under names of its own, whatever these are called', () => {
    const cell = fc.record<Cell>({
      experiment: fc.constantFrom('untitled', 'untitled (2)', 'a, b', 'b, a', 'a: wd = 1', ''),
      wd: fc.constantFrom(1, 2, 4),
      fraction: fc.constantFrom(0.5, 0.8),
    })
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 12 }), (cells) => {
        const groups = groupsOf(cells)
        const alike = Map.groupBy(cells.keys(), (at) => JSON.stringify(cells[at]))
        expect(groups.map(({ members }) => [...new Set(members.map(({ run }) => run.experimentId))])).toEqual(
          [...alike.values()].map((places) => places.map((at) => `e${at}`)),
        )
        for (const called of ['name', 'words', 'label'] as const) {
          expect(new Set(groups.map((group) => group[called])).size).toBe(groups.length)
        }
      }),
    )
  })

  it('of one name are told apart by the fields in which they differ', () => {
    const sweep = [1, 4].flatMap((wd) => [0.5, 0.8].map((fraction) => ({ experiment: 'wd x frac', wd, fraction })))
    const told = ['wd = 1, f_s = 0.5', 'wd = 1, f_s = 0.8', 'wd = 4, f_s = 0.5', 'wd = 4, f_s = 0.8']
    expect(namesOf(sweep).map((name) => name.split(', ').sort())).toEqual(told.map((name) => name.split(', ').sort()))
    const beside = namesOf([...sweep, { experiment: 'another' }])
    expect(beside.at(-1)).toBe('another')
    for (const name of beside.slice(0, -1)) expect(name).toMatch(/^wd x frac: /)
  })

  it('are not told apart by what differs within one of them', () => {
    const names = namesOf([
      { experiment: 'untitled', wd: 1, steps: (seed) => 100 + seed },
      { experiment: 'untitled', wd: 2 },
    ])
    expect(names).toEqual(['wd = 1', 'wd = 2'])
  })

  it('of one name and specification are one: seeds that were begun later', () => {
    expect(
      groupsOf([{ experiment: 'untitled' }, { experiment: 'untitled' }]).map(({ members }) => members.length),
    ).toEqual([4])
  })

  it('are those of one name where more than 24 differ, as the cells of a large sweep do', () => {
    const cells = Array.from({ length: 25 }, (_, at) => ({ experiment: 'sweep', wd: at + 1 }))
    expect(groupsOf(cells).map(({ name }) => name)).toEqual(['sweep'])
    expect(groupsOf(cells.slice(1))).toHaveLength(24)
  })
})

describe('numbered labels', () => {
  it('are each there once, and unchanged where they were', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a (2)', 'a (3)', 'a (2) (2)', 'b')), (labels) => {
        const numbered = numberRepeats(labels)
        expect(new Set(numbered).size).toBe(labels.length)
        for (const [at, label] of labels.entries()) {
          if (labels.indexOf(label) === at) expect(numbered[at]).toBe(label)
          else expect(numbered[at]).toContain(`${label} (`)
        }
      }),
    )
  })
})
