import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawMaps } from '../../../src/main/lab/maps/drawMaps.ts'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { differingFields } from '../../../src/shared/curves/differingFields.ts'
import { groupingOfFigure, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { numberRepeats } from '../../../src/shared/curves/runLabels.ts'
import { toRunSpec, type ComposedInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
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

describe('groups and maps of runs that differ within lists', () => {
  const clamp = (norm: number) => [{ kind: 'clampNorm', at: 0, norm }]
  const remove = (...frequencies: number[]) => [{ kind: 'removeFrequencies', at: 10, frequencies }]
  const setDecay = (value: number) => [{ kind: 'setWeightDecay', at: 10, value }]
  const rates = [0.001, 0.01]

  it.each<[string, object[][]]>([
    ['norms', [clamp(7), clamp(8), clamp(9)]],
    ['frequencies', [remove(1), remove(3), remove(1, 3)]],
    ['kinds', [clamp(1), setDecay(1), remove(1)]],
    ['what is done later', [clamp(1), [...clamp(1), ...setDecay(0)], [...clamp(1), ...setDecay(1)]]],
  ])('are of one specification each: %s', (_, lists) => {
    const runs = lists.flatMap((interventions, list) =>
      rates.flatMap((learningRate) => {
        const spec = parseExperiment({
          task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.5 },
          network: { hidden: 16 },
          dynamics: { kind: 'training', learningRate, weightDecay: 0.1, steps: 100 },
          interventions,
        } as ComposedInput)
        return [0, 1].map((seed) =>
          runSummary({
            ...{ id: `${list} ${learningRate} ${seed}`, experimentId: `${list} ${learningRate}`, seed },
            ...{ experiment: 'untitled', name: `untitled, seed ${seed}`, facets: facetsOf(toRunSpec(spec, seed)) },
          }),
        )
      }),
    )
    const groups = groupRuns(compareRuns(runs, undefined).runs, groupingOfFigure('experiment'))
    expect(groups.map(({ members }) => members.map(({ run }) => run.seed))).toEqual(Array(6).fill([0, 1]))
    expect(new Set(groups.map(({ name }) => name)).size).toBe(6)
    const maps = drawMaps({ fields: differingFields(runs) }, runs)
    expect(maps.flatMap((map) => [...(map.with!['runs'] as Int32Array)])).toEqual(Array(6).fill(2))
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
