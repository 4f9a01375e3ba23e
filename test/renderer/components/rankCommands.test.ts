import { expect, it } from 'vitest'
import { rankCommands } from '../../../src/renderer/components/rankCommands.ts'

const commands = ['Paper', 'Runs', 'Compare', 'Machine'].map((label) => ({ group: 'Go to', label, run: () => {} }))
const labels = (query: string) => rankCommands(commands, query).map(({ label }) => label)

it('keeps all commands, in order, for an empty query', () => {
  expect(labels('')).toEqual(['Paper', 'Runs', 'Compare', 'Machine'])
})

it('finds by any words in any case, those that begin a word first', () => {
  expect(labels('PA')).toEqual(['Paper', 'Compare'])
  expect(labels('to run')).toEqual(['Runs'])
  expect(labels('nothing')).toEqual([])
})

it('finds by what stands beside a label too, after those that are called so', () => {
  const run = () => {}
  const found = rankCommands(
    [
      { group: 'Run', label: 'first', about: 'finished, wide', run },
      { group: 'Help', label: 'margin', words: 'the width', run },
      { group: 'Run', label: 'wide', run },
    ],
    'wid',
  )
  expect(found.map(({ label }) => label)).toEqual(['wide', 'first', 'margin'])
})
