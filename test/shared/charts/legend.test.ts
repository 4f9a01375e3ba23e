import { expect, it } from 'vitest'
import { legendRows } from '../../../src/shared/charts/legend.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'

it('tells entries apart whose names are longer than a row', () => {
  const names = ['a name that goes on and on, seed 0', 'a name that goes on and on, seed 1', 'short']
  const entries = names.map((name) => ({ name, role: 'single' as const }))
  const shown = legendRows(entries, 100, printFace(8))
    .flat()
    .map(({ name }) => name)
  expect(shown[2]).toBe('short')
  expect(shown.slice(0, 2)).toEqual([
    expect.stringMatching(/^a name.*…seed 0$/),
    expect.stringMatching(/^a name.*…seed 1$/),
  ])
})
