import type { SingularValueAnalysis } from '../analysis.ts'
import { measurements, type MeasurementName } from '../measurements.ts'
import { formatCount, formatFixed } from '../formatting/formatNumber.ts'
import type { LinePanel, Series } from '../panel.ts'
import type { Curve } from '../run.ts'
import { curvesOf, horizontalAxis, parentSeries, type RunGroup } from './curvePanels.ts'
import { curveColumns } from './groupCurves.ts'
import { valuesOnAxis } from './horizontalAxis.ts'
import { whyEmpty } from './whyEmpty.ts'

export interface PanelText {
  id: string
  title: string
  caption: string
  vertical: string
}

/**
 * What the view of the geometry always shows: weights or norms, which `about` says the run of, then what is measured
 * against the zero-loss set.
 */
export function usualPanels(isToy: boolean, about: string): { names: readonly MeasurementName[]; words: PanelText }[] {
  const { names, words } = isToy ? weights : norms
  return [{ names, words: { ...words, caption: about } }, ...againstZeroLoss]
}

/** The words of a measurement that has no panel of its own there. */
export function otherPanel(name: MeasurementName): PanelText {
  const { label, unit } = measurements[name]
  return { id: name, title: label[0]!.toUpperCase() + label.slice(1), caption: '', vertical: unit }
}

/** Measurements of one run over one axis, in one panel; those that are not there are left out. */
export function panelOfRun(group: RunGroup, names: readonly MeasurementName[], words: PanelText): LinePanel {
  const { scale, label } = measurements[names[0]!]
  return {
    kind: 'lines',
    id: words.id,
    title: words.title,
    caption: words.caption,
    x: horizontalAxis(group),
    y: { label: words.vertical, ...(names.length === 1 && { alone: label }), column: 'value', scale },
    empty: whyEmpty(group.runs, group.curves),
    moments: group.moments ?? [],
    series: [
      ...parentSeries(group, names),
      ...names.flatMap((name, place): Series[] =>
        curvesOf(group, name).map(({ run, curve }) => ({
          of: { measurement: name, seed: run.seed },
          with: curveColumns(curve),
          name: shortNames[name] ?? measurements[name].symbol,
          role: 'single',
          color: place,
          x: valuesOnAxis(curve, group.axis),
          y: curve.value,
        })),
      ),
    ],
  }
}

const weights: ReturnType<typeof usualPanels>[number] = {
  names: ['weight1', 'weight2', 'weight3'],
  words: { id: 'weights', title: 'Weights', caption: '', vertical: 'weight' },
}
const norms: typeof weights = {
  names: ['firstLayerNormSquared', 'secondLayerNormSquared'],
  words: { id: 'norms', title: 'Squared norms', caption: '', vertical: 'squared norm' },
}
const againstZeroLoss: (typeof weights)[] = [
  {
    names: ['distanceToZeroLoss'],
    words: {
      id: 'distance',
      title: 'Distance to the zero-loss set',
      caption: 'to the point of $Z$ that Gauss–Newton returns to',
      vertical: 'norm',
    },
  },
  {
    names: ['tangentialFraction'],
    words: {
      id: 'tangential',
      title: 'Tangential share',
      caption: 'of the loss gradient',
      vertical: 'share',
    },
  },
  {
    names: ['normMinimizingCosine', 'normMinimizingCosinePaper'],
    words: { id: 'cosine', title: 'Direction of the updates', caption: 'against −P_T θ', vertical: 'cosine' },
  },
]

const shortNames: Partial<Record<MeasurementName, string>> = {
  normMinimizingCosine: 'exact',
  normMinimizingCosinePaper: '100 steps',
}

/** The path of a toy model's first two weights. */
export function pathPanel(group: RunGroup, caption: string): LinePanel {
  const buffer = group.runs[0] && group.curves.get(group.runs[0].id)
  const nothing = new Float64Array(0)
  const none: Curve = { step: nothing, tau: nothing, seconds: nothing, value: nothing }
  const [first, second] = [buffer?.curve('weight1') ?? none, buffer?.curve('weight2') ?? none]
  const path = { x: first.value, y: second.value, with: curveColumns(first) }
  const at = (from: number, to?: number): Omit<Series, 'name' | 'role'> => ({
    x: path.x.subarray(from, to),
    y: path.y.subarray(from, to),
    with: curveColumns({
      step: first.step.subarray(from, to),
      tau: first.tau.subarray(from, to),
      seconds: first.seconds.subarray(from, to),
    }),
  })
  return {
    kind: 'lines',
    id: 'path',
    title: 'Path',
    caption,
    x: { label: '', column: 'weight1', symbol: 'θ₁', scale: 'linear' },
    y: { label: '', column: 'weight2', symbol: 'θ₂', scale: 'linear' },
    equalAspect: true,
    empty: whyEmpty(group.runs, group.curves),
    series: [
      { name: 'path', role: 'single', color: 0, of: { part: 'path' }, ...path },
      { name: 'start', role: 'points', color: 1, of: { part: 'start' }, ...at(0, 1) },
      { name: 'now', role: 'points', color: 2, of: { part: 'now' }, ...at(-1) },
    ],
  }
}

/** Singular values of E, the largest first, with those at the start. */
export function singularPanel(now: SingularValueAnalysis, start: SingularValueAnalysis | null): LinePanel {
  const places = Float64Array.from(now.values, (_, place) => place + 1)
  return {
    kind: 'lines',
    id: 'singularValues',
    title: 'Singular values of E',
    caption: `effective rank ${formatFixed(now.effectiveRank, 1)} of ${now.values.length}`,
    x: { label: 'place', scale: 'linear', min: 0, isCounted: true },
    y: { label: 'singular value', column: 'singularValue', scale: 'linear', min: 0 },
    series: [
      ...(start && start.step !== now.step
        ? [{ name: stepLabel(start), role: 'start' as const, of: { step: start.step }, x: places, y: start.values }]
        : []),
      { name: stepLabel(now), role: 'points', color: 0, of: { step: now.step }, x: places, y: now.values },
    ],
  }
}

const stepLabel = ({ step }: SingularValueAnalysis) => `step ${formatCount(step)}`
