import type { FourierAnalysis, SpectrumOverSteps } from '../../../shared/analysis.ts'
import type { Columns, HeatmapPanel, LinePanel, Series } from '../../../shared/panel.ts'
import { featureLabels } from '../../../shared/featureLabels.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import type { MatrixData } from '../../../shared/run.ts'
import { transpose } from './matrixOrder.ts'

const parts = ['Re', 'Im'] as const
const frequencyAxis = { label: 'frequency', symbol: 'k', scale: 'linear' } as const

/** Norms of Re F_k and Im F_k, each divided by the mean of all p − 1, now and at the start. */
export function normsPanel(now: FourierAnalysis, start: FourierAnalysis | null): LinePanel {
  const K = now.frequencies
  const dots = (name: string, role: Series['role'], part: 0 | 1, { norms, step }: FourierAnalysis): Series => {
    const average = norms.reduce((sum, norm) => sum + norm, 0) / norms.length
    const norm = norms.subarray(part * K, (part + 1) * K)
    const frequency = Float64Array.from(norm, (_, k) => k + 1)
    return {
      name,
      role,
      colour: part,
      of: { part: parts[part], step },
      with: { frequency, norm },
      x: frequency,
      y: norm.map((value) => value / average),
      beside: part === 0 ? -0.15 : 0.15,
    }
  }
  const series = [
    ...(start ? [dots('Re, at the start', 'start', 0, start), dots('Im, at the start', 'start', 1, start)] : []),
    dots('Re', 'points', 0, now),
    dots('Im', 'points', 1, now),
  ]
  // Symmetric about 1 down to 0 and in steps of 5 %, so that the axis stays while scrubbing. Without power there is no mean.
  const distances = series.flatMap(({ y }) => Array.from(y, (value) => Math.abs(value - 1)))
  const reach = Math.max(0, ...distances.filter(Number.isFinite))
  const bound = Math.max(1, Math.ceil((1.03 * reach) / 0.05)) * 0.05
  return {
    kind: 'lines',
    id: 'featureNorms',
    title: 'Feature norms',
    caption: 'relative to their mean, Fig. 6',
    x: { ...frequencyAxis, least: 0.4, most: K + 0.6, ticks: pickTicks(K).map((k) => ({ at: k, label: String(k) })) },
    y: {
      label: 'norm / mean',
      column: 'relative',
      scale: 'linear',
      least: Math.max(0, 1 - bound),
      most: 1 + bound,
    },
    series,
  }
}

/** Re and Im of each frequency side by side: 0, K, 1, K + 1, …; for even p the last has no Im. */
export function pairedOrder({ norms, frequencies: K }: Pick<FourierAnalysis, 'norms' | 'frequencies'>): Int32Array {
  return Int32Array.from(norms, (_, place) => Math.floor(place / 2) + (place % 2) * K)
}

/** Cosines between the p − 1 features, or between their moduli. */
export function cosinePanel(now: FourierAnalysis, ofModuli: boolean): HeatmapPanel {
  const { norms, frequencies: K } = now
  const ticks = pickTicks(K).map((k) => ({ at: 2 * (k - 1) + (2 * k > norms.length ? 0 : 0.5), label: String(k) }))
  const source = ofModuli ? '|Re|, |Im|; Fig. 6' : 'Re F_k, Im F_k; Fig. 6'
  const axis = { label: '', scale: 'linear', ticks } as const
  return {
    kind: 'heatmap',
    id: ofModuli ? 'absoluteCosines' : 'cosines',
    title: ofModuli ? 'Cosine of moduli' : 'Cosine',
    caption: norms.some((norm) => norm === 0) ? 'blank: zero F_k' : source,
    x: { ...axis, label: '$k$, Re then Im' },
    y: axis,
    matrix: ofModuli ? now.absoluteCosines : now.cosines,
    ...featureLabels(norms.length, K),
    value: 'cosine',
    colours: ofModuli ? 'sequential' : 'diverging',
    range: ofModuli ? [0, 1] : [-0.3, 0.3],
    valueLabel: 'cosine',
  }
}

/** What stands in a cell of the cosines: between which features, and why there is no value where there is none. */
export function cosineWords(
  { norms, frequencies: K, ...analysis }: FourierAnalysis,
  ofModuli: boolean,
  { row, column }: { row: number; column: number },
): { words: string; value: string } {
  const name = (feature: number) => (feature < K ? `Re ${feature + 1}` : `Im ${feature - K + 1}`)
  const { columns, data } = ofModuli ? analysis.absoluteCosines : analysis.cosines
  const zero = [row, column].find((feature) => norms[feature] === 0)
  const value = zero === undefined ? formatFixed(data[row * columns + column]!, 3) : `${name(zero)} is zero`
  return { words: `${name(row)}, ${name(column)}`, value }
}

/** Share of each unit's power at each frequency, frequencies downwards. */
export function unitPowerPanel(now: FourierAnalysis): HeatmapPanel {
  const ticks = pickTicks(now.frequencies).map((k) => ({ at: k - 1, label: String(k) }))
  return {
    kind: 'heatmap',
    id: 'unitPower',
    title: 'Unit × frequency',
    caption: `share of each hidden unit’s power, ${now.dominant.length} units sorted by dominant frequency, then phase; Eq. 20`,
    x: { label: '', scale: 'linear', ticks: [] },
    y: { label: '', scale: 'linear', ticks },
    matrix: transpose(now.unitPower),
    rowLabels: frequencyLabels(now.frequencies),
    columnLabels: { unit: Int32Array.from(now.dominant, (_, unit) => unit) },
    value: 'share',
    colours: 'sequential',
    range: [0, 1],
    valueLabel: 'share',
  }
}

/** Power of each frequency at every snapshot, against the mean over frequencies. */
export function spectrumPanel({ power, steps }: SpectrumOverSteps, bound: number): HeatmapPanel {
  const { rows: K } = power
  return {
    kind: 'heatmap',
    id: 'spectrumOverSteps',
    title: 'Frequency × step',
    caption: 'power against the mean',
    x: { label: 'step, log', column: 'step', scale: 'log' },
    y: {
      label: 'frequency',
      symbol: 'k',
      scale: 'linear',
      ticks: pickTicks(K).map((k) => ({ at: k - 1, label: String(k) })),
    },
    matrix: relativePower(power),
    rowLabels: frequencyLabels(K),
    columnLabels: { step: steps },
    value: 'relative',
    with: { power: power.data },
    colours: 'diverging',
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

/** 1, every fifth (tenth, twentieth …) and K, without those too near to K. */
export function pickTicks(K: number): number[] {
  const stride = K <= 25 ? 5 : K <= 60 ? 10 : K <= 130 ? 25 : 50
  const inner: number[] = []
  for (let k = stride; k <= K - stride * 0.5; k += stride) inner.push(k)
  return [...new Set([1, ...inner, K])].filter((k) => k <= K)
}

/** The tokens of every frequency, or of one, in the plane of its features; what the circles are drawn from. */
export function circlesPanel({ circles }: FourierAnalysis, only?: number): LinePanel {
  const p = circles.columns / 2
  const row = (k: number, from: number) =>
    Float64Array.from(circles.data.subarray(k * 2 * p + from, k * 2 * p + from + p))
  const token = Int32Array.from({ length: p }, (_, place) => place)
  const shown = Array.from({ length: circles.rows }, (_, k) => k).filter((k) => only === undefined || k === only - 1)
  return {
    kind: 'lines',
    id: only === undefined ? 'circles' : `circle-${only}`,
    title: only === undefined ? 'Circles' : `Frequency ${only}`,
    caption: 'the embeddings projected on span(Re F_k, Im F_k)',
    x: { label: 'Re F_k', column: 're', scale: 'linear' },
    y: { label: 'Im F_k', column: 'im', scale: 'linear' },
    equalAspect: true,
    series: shown.map((k) => ({
      name: `frequency ${k + 1}`,
      role: 'points' as const,
      colour: k % 6,
      of: { frequency: k + 1 },
      with: { token },
      x: row(k, 0),
      y: row(k, p),
    })),
  }
}

/** How many steps apart tokens are that stand next to each other on the circle of frequency k: k⁻¹ mod p, or null. */
export function neighbourDistance(k: number, p: number): number | null {
  for (let distance = 1; distance < p; distance++) if ((distance * k) % p === 1) return distance
  return null
}
