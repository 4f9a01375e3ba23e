import { expect, it } from 'vitest'
import { namePartsOf } from '../../../../src/renderer/views/runs/nameParts.ts'
import type { GroupLine, TableLine } from '../../../../src/shared/query/runTable.ts'
import { runSummary } from '../../../support/runSummary.ts'

const group = (name: string): GroupLine => ({
  ...{ kind: 'group', key: name, name, folded: true, count: 1, total: 1 },
  ...{ tags: [], first: [], readings: {} },
})
const run = (name: string, of?: GroupLine): TableLine => ({
  kind: 'run',
  run: runSummary({ id: name, name, experiment: of?.name ?? 'other' }),
  ...(of && { group: of }),
})
const shownOf = (lines: TableLine[]) => [...namePartsOf(lines).values()].map(({ shared, own }) => `${shared}|${own}`)

it('names of lines keep whole what they have not in common with those beside them', () => {
  const names = [
    'Pezeshki et al., figure 5, λ = 0',
    'Pezeshki et al., figure 5, λ = 0.01',
    'Pezeshki et al., figure 4, κ = 1',
  ]
  expect(shownOf(names.map(group))).toEqual([
    'Pezeshki et al., figure 5, |λ = 0',
    'Pezeshki et al., figure 5, |λ = 0.01',
    'Pezeshki et al., |figure 4, κ = 1',
  ])
  expect(shownOf(['a name', 'a nest', 'a name'].map(group)), 'a word is not parted').toEqual(['|a name', '|a nest'])
})

it('names of runs in a group are held against one another, not against those of groups', () => {
  const of = group('small, λ = 1')
  expect(shownOf([of, run('small, λ = 1, seed 0', of), run('small, λ = 1, seed 1', of)])).toEqual([
    ...['|small, λ = 1', '|seed 0', '|seed 1'],
  ])
  const cell = group('plane')
  expect(shownOf([cell, run('plane: wd = 1, seed 0', cell), run('plane: wd = 1, seed 1', cell)])).toEqual([
    ...['|plane', 'wd = 1, |seed 0', 'wd = 1, |seed 1'],
  ])
  expect(shownOf([run('small, λ = 1, seed 0'), run('small, λ = 2, seed 0')])).toEqual([
    ...['small, |λ = 1, seed 0', 'small, |λ = 2, seed 0'],
  ])
})
