import type { FourierAnalysis, SpectrumOverSteps } from '../analysis.ts'
import type { Columns, HeatmapPanel, LinePanel, Series } from '../panel.ts'
import { frequencyTicks } from '../charts/frequencyTicks.ts'
import { featureCosinesPanel, pairedPlaces } from '../featureCosines.ts'
import { countThings } from '../formatting/countThings.ts'
import { formatCount, formatFixed } from '../formatting/formatNumber.ts'
import type { ParameterDescription } from '../models/model.ts'
import type { MatrixData } from '../matrix.ts'
import { circleShape } from '../charts/circleLayout.ts'
import { describeTask, type NetworkTask } from '../tasks/tasks.ts'
import { transpose } from './matrixOrder.ts'

/** A layer read as one row for each token (E), of one operand where each has rows of its own, or else for each output (W). */
export type Layer = Pick<ParameterDescription, 'name' | 'rowsOf'> & { operand?: string | undefined }

/** The operands whose rows of a layer have frequencies of their own; none where they share them. */
export function operandsOf({ rowsOf }: Pick<Layer, 'rowsOf'>, task: NetworkTask | null): string[] {
  const cycles = rowsOf === 'inputs' && task ? describeTask(task).inputCycles(task) : []
  return cycles.length > 1 ? cycles.map(({ name }) => name) : []
}

/** A layer in words, marked for `setSymbols`. */
export function writtenLayer({ name, operand }: Omit<Layer, 'rowsOf'>): string {
  return `$${name}$${operand === undefined ? '' : ` (${operand})`}`
}

const parts = ['Re', 'Im'] as const
const frequencyAxis = { label: 'frequency', symbol: 'k', scale: 'linear', isCounted: true } as const

/** Norms of Re F_k and Im F_k, each divided by the mean of all p − 1, now and at the start. */
export function normsPanel(layer: Layer, now: FourierAnalysis, start: FourierAnalysis | null): LinePanel {
  const K = now.frequencies
  const dots = (role: Series['role'], part: 0 | 1, { norms, step }: FourierAnalysis): Series => {
    const average = norms.reduce((sum, norm) => sum + norm, 0) / norms.length
    const norm = norms.subarray(part * K, (part + 1) * K)
    const frequency = Float64Array.from(norm, (_, k) => k + 1)
    return {
      name: `${parts[part]}, step ${formatCount(step)}`,
      // At the start both are muted.
      ...(role === 'start' ? { family: `both, step ${formatCount(step)}` } : {}),
      role,
      color: part,
      of: { part: parts[part], step },
      with: { frequency, norm },
      x: frequency,
      y: norm.map((value) => value / average),
      beside: part === 0 ? -0.15 : 0.15,
    }
  }
  const series = [
    ...(start && start.step !== now.step ? [dots('start', 0, start), dots('start', 1, start)] : []),
    dots('points', 0, now),
    dots('points', 1, now),
  ]
  // Symmetric about 1 down to 0 and in steps of 5 %, so that the axis stays while scrubbing. Without power there is no mean.
  const distances = series.flatMap(({ y }) => Array.from(y, (value) => Math.abs(value - 1)))
  const reach = Math.max(0, ...distances.filter(Number.isFinite))
  const bound = Math.max(1, Math.ceil((1.03 * reach) / 0.05)) * 0.05
  return {
    kind: 'lines',
    id: 'featureNorms',
    title: 'Feature norms',
    caption: `of ${writtenLayer(layer)}, relative to their mean`,
    x: {
      ...frequencyAxis,
      min: 0.4,
      max: K + 0.6,
      ticks: frequencyTicks(K).map((k) => ({ at: k, label: String(k) })),
    },
    y: {
      label: 'norm / mean',
      column: 'relative',
      scale: 'linear',
      min: Math.max(0, 1 - bound),
      max: 1 + bound,
    },
    series,
  }
}

/** Cosines between the p − 1 features, or between their moduli. */
export function cosinePanel(layer: Layer, now: FourierAnalysis, ofModuli: boolean): HeatmapPanel {
  const features = ofModuli ? '|Re F_k|, |Im F_k|' : 'Re F_k, Im F_k'
  const words = {
    id: ofModuli ? 'absoluteCosines' : 'cosines',
    title: ofModuli ? 'Cosine of moduli' : 'Cosine',
    caption: `of ${writtenLayer(layer)}: ${now.norms.some((norm) => norm === 0) ? 'blank: zero F_k' : features}`,
  }
  return featureCosinesPanel(words, ofModuli ? now.absoluteCosines : now.cosines, now.frequencies, ofModuli)
}

/** What stands in a cell of the cosines: between which features, and why there is no value where there is none. */
export function describeCosine(
  { norms, frequencies: K, ...analysis }: FourierAnalysis,
  ofModuli: boolean,
  { row, column }: { row: number; column: number },
): { words: string; value: string } {
  const name = (feature: number) => (feature < K ? `Re ${feature + 1}` : `Im ${feature - K + 1}`)
  const { columns, data } = ofModuli ? analysis.absoluteCosines : analysis.cosines
  const places = pairedPlaces(norms.length, K)
  const [first, second] = [places[row]!, places[column]!]
  const zero = [first, second].find((feature) => norms[feature] === 0)
  const value = zero === undefined ? formatFixed(data[first * columns + second]!, 3) : `${name(zero)} is zero`
  return { words: `${name(first)}, ${name(second)}`, value }
}

/** Share of each unit's power at each frequency, frequencies downwards; `about` says how units stand, and of which run. */
export function unitPowerPanel(layer: Layer, now: FourierAnalysis, about: readonly string[]): HeatmapPanel {
  const ticks = frequencyTicks(now.frequencies).map((k) => ({ at: k - 1, label: String(k) }))
  return {
    kind: 'heatmap',
    id: 'unitPower',
    title: 'Unit × frequency',
    caption: [
      `share of the power in ${writtenLayer(layer)} of each of ${formatCount(now.dominant.length)} units`,
      ...about,
    ].join('; '),
    x: { label: 'hidden unit', scale: 'linear', ticks: [] },
    y: { label: 'frequency', symbol: 'k', scale: 'linear', ticks },
    matrix: transpose(now.unitPower),
    rowLabels: frequencyLabels(now.frequencies),
    columnLabels: { unit: Int32Array.from(now.dominant, (_, unit) => unit) },
    value: 'share',
    colors: 'sequential',
    range: [0, 1],
    valueLabel: 'share',
  }
}

/** How the units of a panel stand; `last` is the step that a frozen order is of. */
export const orderLabels = {
  frozen: (last: number) => `by dominant frequency at step ${formatCount(last)}, then phase`,
  current: () => 'by dominant frequency, then phase',
  index: () => 'in their own order',
} as const satisfies Record<string, (last: number) => string>

/** Power of each frequency at every snapshot, against the mean over frequencies. */
export function spectrumPanel(layer: Layer, { power, steps }: SpectrumOverSteps, bound: number): HeatmapPanel {
  const { rows: K } = power
  return {
    kind: 'heatmap',
    id: 'spectrumOverSteps',
    title: 'Frequency × step',
    caption: `power of ${writtenLayer(layer)} against the mean`,
    x: { label: 'step, log', column: 'step', scale: 'log', isCounted: true },
    y: {
      label: 'frequency',
      symbol: 'k',
      scale: 'linear',
      ticks: frequencyTicks(K).map((k) => ({ at: k - 1, label: String(k) })),
    },
    matrix: relativePower(power),
    rowLabels: frequencyLabels(K),
    columnLabels: { step: steps },
    value: 'relative',
    with: { power: power.data },
    colors: 'diverging',
    range: [-bound, bound],
    valueLabel: 'power / mean − 1',
  }
}

/** Power over its mean over frequencies, less 1 (K × snapshots). */
export function relativePower({ rows: K, columns: snapshots, data }: MatrixData): MatrixData {
  const relative = new Float64Array(data.length)
  for (let t = 0; t < snapshots; t++) {
    let mean = 0
    for (let k = 0; k < K; k++) mean += data[k * snapshots + t]! / K
    for (let k = 0; k < K; k++) relative[k * snapshots + t] = data[k * snapshots + t]! / mean - 1
  }
  return { rows: K, columns: snapshots, data: relative }
}

function frequencyLabels(K: number): Columns {
  return { frequency: Int32Array.from({ length: K }, (_, k) => k + 1) }
}

/** The tokens of every frequency, or of one, in the plane of its features; what the circles are drawn from. */
export function circlesPanel(layer: Layer, { circles, tokens }: FourierAnalysis, only?: number): LinePanel {
  const p = circles.columns / 2
  const word = layer.rowsOf === 'inputs' ? 'token' : 'output'
  const row = (k: number, from: number) =>
    Float64Array.from(circles.data.subarray(k * 2 * p + from, k * 2 * p + from + p))
  const shown = Array.from({ length: circles.rows }, (_, k) => k).filter((k) => only === undefined || k === only - 1)
  return {
    kind: 'lines',
    id: only === undefined ? 'circles' : `circle-${only}`,
    title: only === undefined ? 'Circles' : `Frequency ${only}`,
    caption:
      only === undefined
        ? `the ${p} ${word}s of ${writtenLayer(layer)} projected on span(Re F_k, Im F_k); ${firstFour(tokens)} named; scale per circle`
        : describeNeighbor(word, only, { circles, tokens }),
    x: { label: 'Re F_k', column: 're', scale: 'linear' },
    y: { label: 'Im F_k', column: 'im', scale: 'linear' },
    equalAspect: true,
    each: 'circle',
    series: shown.map((k) => ({
      name: `frequency ${k + 1}`,
      role: 'points' as const,
      color: 0,
      of: { frequency: k + 1 },
      with: { [word]: tokens },
      x: row(k, 0),
      y: row(k, p),
    })),
  }
}

/** Those of multiplication go round as 1, 2, 4, 3 modulo 5. */
function firstFour(tokens: Int32Array): string {
  return tokens.length > 3 && isCounted(tokens) ? '0–3' : Array.from(tokens.subarray(0, 4)).join(', ')
}

function isCounted(tokens: Int32Array): boolean {
  return tokens.every((token, place) => token === place)
}

/** Steps along the cycle are from token to token, or from a power of the primitive root, which is the second of them, to the next. */
function describeNeighbor(
  word: string,
  k: number,
  { circles, tokens }: Pick<FourierAnalysis, 'circles' | 'tokens'>,
): string {
  const p = circles.columns / 2
  const apart = circleShape(circles, k - 1) === 'circle' ? neighborDistance(k, p) : null
  if (apart === null) return `the ${p} ${word}s`
  return isCounted(tokens)
    ? `neighbors ${apart} apart`
    : `neighbors ${countThings(apart, 'power')} of ${tokens[1]} apart`
}

/** How many steps of their cycle apart tokens are that stand next to each other on the circle of frequency k: k⁻¹ mod p, or null. */
export function neighborDistance(k: number, p: number): number | null {
  for (let distance = 1; distance < p; distance++) if ((distance * k) % p === 1) return distance
  return null
}
