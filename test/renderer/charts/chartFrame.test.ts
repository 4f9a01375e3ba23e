import { describe, expect, it } from 'vitest'
import { curvesOfEntry, curvesWith } from '../../../src/renderer/charts/chartFrame.ts'
import { planLegend } from '../../../src/renderer/charts/planLegend.ts'
import { lineEntries } from '../../../src/shared/charts/legend.ts'
import type { LinePanel, Series } from '../../../src/shared/panel.ts'

const named = (name: string, more: Partial<Series> = {}): Series => ({
  name,
  role: 'single',
  x: Float64Array.of(0, 1),
  y: Float64Array.of(0, 1),
  ...more,
})
const axis = { label: '', scale: 'linear' } as const
const panelOf = (...series: Series[]): LinePanel => ({
  kind: 'lines',
  id: '',
  title: '',
  caption: '',
  x: axis,
  y: axis,
  series,
})
const namesOf = ({ series }: LinePanel) => series.map(({ name }) => name)

describe('what is pointed at', () => {
  const ofGroup = { group: 'narrow' }
  const [low, high] = ['− std', '+ std'].map((end) => named(`narrow, mean ${end}`, { ...ofGroup, family: 'band' }))
  const panel = panelOf(low!, high!, named('narrow, N = 2', { ...ofGroup, role: 'mean' }), named('seed 3'))

  it('is a curve, with a group’s center its bounds', () => {
    expect(curvesWith(panel.series[3]!, panel)).toEqual({ label: 'seed 3', names: ['seed 3'] })
    const group = curvesWith(panel.series[2]!, panel)
    expect(group).toEqual({ label: 'narrow', names: namesOf(panel).slice(0, 3) })
  })

  it('is all that an entry of the legend stands for, whatever its name was joined or cut to', () => {
    const bands = [{ name: low!.name, color: 0, x: low!.x, low: low!.y, high: high!.y }]
    const named = (width: number) =>
      planLegend(lineEntries({ ...panel, bands }), { width, height: 200 })
        .flat()
        .map((entry) => curvesOfEntry(entry, panel))
    const [group, seed] = [namesOf(panel).slice(0, 3), ['seed 3']]
    expect(named(500).map(({ names }) => names)).toEqual([group, seed])
    const cut = named(90)
    expect(cut.map(({ label }) => label).join()).toContain('…')
    expect(cut.map(({ names }) => names)).toEqual([group, seed])
  })

  it('is all that is not listed, of the entry that counts it', () => {
    const many = panelOf(...Array.from({ length: 9 }, (_, k) => named(`seed ${k}`)))
    const entries = planLegend(lineEntries(many), { width: 120, height: 100 }).flat()
    const [listed, rest] = [entries.slice(0, -1), entries.at(-1)!].map((part) =>
      [part].flat().flatMap((entry) => curvesOfEntry(entry, many).names),
    )
    expect([...listed!, ...rest!]).toEqual(namesOf(many))
  })
})
