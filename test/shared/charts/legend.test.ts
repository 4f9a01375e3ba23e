import { expect, it } from 'vitest'
import { legendEntries, legendRows, lineEntries, panelEntries } from '../../../src/shared/charts/legend.ts'
import type { LinePanel } from '../../../src/shared/panel.ts'
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

it('has one entry for a center and its band in print, and marks the bounds as a band on screen', () => {
  const x = Float64Array.of(0, 1)
  const own = { group: 'AdamW', color: 0, x, y: x }
  const panel: LinePanel = {
    ...{ kind: 'lines', id: 'a', title: '', caption: '' },
    ...{ x: { label: 'x', scale: 'linear' }, y: { label: 'y', scale: 'linear' } },
    series: [
      { ...own, name: 'AdamW, mean − std', family: 'AdamW, mean ± std', role: 'single' },
      { ...own, name: 'AdamW, mean + std', family: 'AdamW, mean ± std', role: 'single' },
      { ...own, name: 'AdamW, N = 3', role: 'mean' },
      { ...own, name: 'AdamW, N < 3', role: 'theory', dash: 'dotted' },
    ],
    bands: [{ name: 'AdamW, mean − std', color: 0, x, low: x, high: x }],
  }
  expect(panelEntries(panel)).toEqual([
    {
      name: 'AdamW, mean ± std, N = 3',
      families: ['AdamW, mean ± std', 'AdamW, N = 3'],
      ...{ role: 'mean', color: 0, hasBand: true },
    },
    { name: 'AdamW, N < 3', role: 'theory', color: 0, dash: 'dotted' },
  ])
  // A group of one run has no other name in print.
  const [, , center] = panel.series
  expect(panelEntries({ ...panel, series: [center!], bands: [] }).map(({ name }) => name)).toEqual(['AdamW, N = 3'])
  const { group: _, ...alone } = center!
  expect(panelEntries({ ...panel, series: [alone], bands: [] })).toEqual([])
  expect(lineEntries(panel, panel.series.slice(2, 3)).map(({ name }) => name)).toEqual([
    'AdamW, mean ± std',
    'AdamW, N < 3',
  ])
  expect(legendEntries(panel).map(({ name, hasBand }) => [name, hasBand])).toEqual([
    ['AdamW, mean ± std', true],
    ['AdamW, N = 3', undefined],
    ['AdamW, N < 3', undefined],
  ])
})
