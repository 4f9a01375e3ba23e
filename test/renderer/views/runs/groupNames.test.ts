import { expect, it } from 'vitest'
import { createGroupNames } from '../../../../src/renderer/views/runs/groupNames.ts'
import type { GroupLine, TableLine } from '../../../../src/shared/query/runTable.ts'
import { runSummary } from '../../../support/runSummary.ts'

/** The line of an experiment whose runs have these widths, and this share. */
function group(name: string, share: number, ...widths: number[]): GroupLine {
  const first = widths.map((width, seed) =>
    runSummary({
      id: `${name} ${share} ${width} ${seed}`,
      facets: { 'network.hidden': width, 'task.trainFraction': share },
    }),
  )
  return {
    ...{ kind: 'group', key: `${name} ${share} ${widths.join()}`, name, folded: true, first },
    ...{ count: first.length, total: first.length, tags: [], readings: {} },
  }
}
const namesOf = (lines: readonly TableLine[]) => lines.flatMap((line) => (line.kind === 'group' ? [line.name] : []))

it('experiments of one name are told apart by what they differ in, others and runs are as they are', () => {
  const nameGroups = createGroupNames()
  const run: TableLine = { kind: 'run', run: runSummary({ id: 'r' }) }
  const lines = [group('plane', 0.5, 8, 8), run, group('plane', 0.5, 16, 16), group('alone', 0.8, 32)]
  const named = nameGroups(lines)
  expect(namesOf(named)).toEqual(['plane: d_h = 8', 'plane: d_h = 16', 'alone'])
  expect(named[1]).toBe(run)
})

it('a field that has told them apart is told of those that are scrolled to, also where one stands alone', () => {
  const nameGroups = createGroupNames()
  expect(namesOf(nameGroups([group('plane', 0.5, 8), group('plane', 0.8, 8)]))).toEqual([
    'plane: f_s = 0.5',
    'plane: f_s = 0.8',
  ])
  expect(namesOf(nameGroups([group('plane', 0.8, 8), group('plane', 0.8, 16)]))).toEqual([
    'plane: f_s = 0.8, d_h = 8',
    'plane: f_s = 0.8, d_h = 16',
  ])
  expect(namesOf(nameGroups([group('plane', 0.3, 64)]))).toEqual(['plane: f_s = 0.3, d_h = 64'])
})

it('of a field in which the runs of one differ, that one says nothing', () => {
  const nameGroups = createGroupNames()
  nameGroups([group('plane', 0.5, 8), group('plane', 0.5, 16)])
  expect(namesOf(nameGroups([group('plane', 0.5, 8), group('plane', 0.5, 16, 32)]))).toEqual([
    'plane: d_h = 8',
    'plane',
  ])
})
