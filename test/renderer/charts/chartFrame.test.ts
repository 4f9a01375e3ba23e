import { describe, expect, it } from 'vitest'
import { curvesOfEntry, curvesWith } from '../../../src/renderer/charts/chartFrame.ts'
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
  const panel = panelOf(low!, high!, named('narrow, N = 2', ofGroup), named('seed 3'))

  it('is a curve, with a group’s center its bounds', () => {
    expect(curvesWith(panel.series[3]!, panel)).toEqual({ label: 'seed 3', names: ['seed 3'] })
    const group = curvesWith(panel.series[2]!, panel)
    expect(group).toEqual({ label: 'narrow', names: namesOf(panel).slice(0, 3) })
  })

  it('is all that an entry of the legend stands for', () => {
    expect(curvesOfEntry('band', panel).names).toEqual([low!.name, high!.name])
    expect(curvesOfEntry('seed 3', panel).names).toEqual(['seed 3'])
  })
})
