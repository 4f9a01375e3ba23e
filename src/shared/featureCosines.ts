import { frequencyTicks } from './charts/frequencyTicks.ts'
import type { HeatmapPanel } from './panel.ts'
import type { MatrixData } from './matrix.ts'

/**
 * Cosines between the p − 1 Fourier features of a layer, or between their moduli: Re and Im of each frequency side by
 * side. `matrix` has them as an analysis returns them, Re F_1 … F_K and then Im F_1 …; for even p the last has no Im.
 */
export function featureCosinesPanel(
  words: Pick<HeatmapPanel, 'id' | 'title' | 'caption'>,
  matrix: MatrixData,
  K: number,
  ofModuli: boolean,
): HeatmapPanel {
  const places = pairedPlaces(matrix.rows, K)
  const frequency = places.map((feature) => (feature % K) + 1)
  const part = Array.from(places, (feature) => (feature < K ? 'Re' : 'Im'))
  const ticks = frequencyTicks(K).map((k) => ({ at: 2 * (k - 1) + (2 * k > matrix.rows ? 0 : 0.5), label: String(k) }))
  const axis = { label: '', scale: 'linear', ticks } as const
  return {
    kind: 'heatmap',
    ...words,
    x: { ...axis, label: '$k$, Re then Im' },
    y: axis,
    matrix: { ...matrix, data: reordered(matrix, places) },
    rowLabels: { frequency, part },
    columnLabels: { otherFrequency: frequency, otherPart: part },
    value: 'cosine',
    colors: ofModuli ? 'sequential' : 'diverging',
    range: ofModuli ? [0, 1] : [-0.3, 0.3],
    valueLabel: 'cosine',
  }
}

/** Where the features in pairs stand in an analysis: 0, K, 1, K + 1, …, `count` in all. */
export function pairedPlaces(count: number, K: number): Int32Array {
  return Int32Array.from({ length: count }, (_, place) => Math.floor(place / 2) + (place % 2) * K)
}

function reordered({ columns, data }: MatrixData, places: Int32Array): MatrixData['data'] {
  return data.map((_, at) => data[places[Math.floor(at / columns)]! * columns + places[at % columns]!]!)
}
