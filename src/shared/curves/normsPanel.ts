import type { LinePanel, Series } from '../panel.ts'
import type { Curve } from '../run.ts'
import {
  curvesOf,
  fewerSeries,
  groupCurve,
  horizontalAxis,
  lineOf,
  meanName,
  meanOfFewer,
  nameOfFewer,
  parentSeries,
  runName,
  type FewerMean,
  type RunGroup,
} from './curvePanels.ts'
import { sumCurve } from './groupCurves.ts'
import { whyEmpty } from './whyEmpty.ts'

/** Both layers' squared norms and their sum, each layer in a color of its own. */
export function normsPanel(group: RunGroup, caption: string): LinePanel {
  const layers = [
    { name: 'firstLayerNormSquared', label: '‖E‖²', color: 0 },
    { name: 'secondLayerNormSquared', label: '‖W‖²', color: 1 },
  ] as const
  const strong: { label: string; norm: string; color: number; curve: Curve; fewer: FewerMean | null }[] = []
  const singles: Series[] = []
  for (const { name, label, color } of layers) {
    const curves = curvesOf(group, name)
    const isAlone = group.runs.length === 1
    const whole = groupCurve(group, name)
    if (whole) {
      const fewer = meanOfFewer(group, name)
      strong.push({ label: isAlone ? label : `${label}, ${meanName(group)}`, norm: label, color, curve: whole, fewer })
    }
    if (isAlone || (whole && group.shown === 'mean')) continue
    for (const { run, curve } of curves) {
      const of = { norm: label, seed: run.seed }
      const name = { name: `${label}, ${runName(run)}`, family: `${label}, single seeds` }
      singles.push({ ...lineOf(curve, group), ...name, role: 'single', color, of })
    }
  }
  const [only] = group.runs
  const ofGroup: NonNullable<Series['of']> =
    group.runs.length === 1 && only ? { seed: only.seed } : { statistic: 'mean', runs: group.runs.length }
  const sum = strong.length === 2 ? sumCurve(strong[0]!.curve, strong[1]!.curve) : null
  const [first, second] = strong.map(({ fewer }) => fewer)
  const sumOfFewer = first && second ? { ...sumCurve(first, second), reached: first.reached } : null
  return {
    kind: 'lines',
    id: 'squaredNorms',
    title: 'Squared norms',
    caption,
    x: horizontalAxis(group),
    y: { label: 'squared norm', column: 'squaredNorm', scale: 'log' },
    moments: group.moments ?? [],
    empty: whyEmpty(group.runs, group.curves),
    series: [
      ...parentSeries(
        group,
        layers.map(({ name }) => name),
      ),
      ...singles,
      ...strong.map(({ label, norm, color, curve }): Series => ({
        ...lineOf(curve, group),
        name: label,
        role: 'mean',
        color,
        of: { norm, ...ofGroup },
      })),
      ...strong.flatMap(({ norm, color, fewer }) => {
        const of = { norm, statistic: 'mean' }
        return fewerSeries(group, fewer, { name: `${norm}, ${nameOfFewer(group)}`, color, of })
      }),
      ...(sum
        ? [{ ...lineOf(sum, group), name: 'sum', role: 'theory', of: { norm: 'sum', ...ofGroup } } as Series]
        : []),
      ...fewerSeries(group, sumOfFewer, {
        name: `sum, ${nameOfFewer(group)}`,
        of: { norm: 'sum', statistic: 'mean' },
      }),
    ],
  }
}
