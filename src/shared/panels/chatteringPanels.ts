import type { SignChanges } from '../analysis.ts'
import { chatteringChanges } from '../chattering.ts'
import { formatCount, formatShare } from '../formatting/formatNumber.ts'
import { countThings } from '../formatting/countThings.ts'
import type { HeatmapPanel, LinePanel, Series } from '../panel.ts'
import { counted } from '../tasks/task.ts'
import { rowWordOf } from './namedMatrix.ts'

/** How often each pre-activation changes its sign in the steps after a snapshot: training samples × units. */
export function signChangesPanel(analysis: SignChanges, about: readonly string[]): HeatmapPanel {
  const { step, ahead, changes, samples, chatteringShare } = analysis
  const rowWord = rowWordOf({ rowLabels: samples })
  const shares = kindsOf(analysis).map(({ name, counts }) => `${name} ${formatShare(shareOf(counts))}`)
  const parts = shares.length > 1 ? ` (${shares.join(', ')})` : ''
  const words = [
    `${countThings(changes.rows, `training ${rowWord}`)} × ${countThings(changes.columns, 'unit')}`,
    `${formatShare(chatteringShare)} change sign ${chatteringChanges} times or more in ${countThings(ahead, 'step')}${parts}`,
    ...about,
  ]
  return {
    kind: 'heatmap',
    id: 'signChanges',
    title: `Changes of sign from step ${formatCount(step)}`,
    caption: words.join('; '),
    x: { label: '', scale: 'linear', ticks: [] },
    y: { label: rowWord, scale: 'linear' },
    matrix: changes,
    rowLabels: samples,
    columnLabels: { unit: counted(changes.columns) },
    value: 'changes',
    colors: 'sequential',
    range: [0, ahead],
    valueLabel: 'changes of sign',
  }
}

/** Which share of the pre-activations changes its sign how often, by the kinds of rows. */
export function changeCountsPanel(analysis: SignChanges): LinePanel {
  const { step, ahead } = analysis
  const times = Float64Array.from({ length: ahead }, (_, place) => place + 1)
  return {
    kind: 'lines',
    id: 'changeCounts',
    title: 'How often',
    caption: `of those that change sign in ${countThings(ahead, 'step')}; from ${chatteringChanges} on they chatter`,
    x: { label: 'changes of sign', column: 'changes', scale: 'linear', min: 0, max: ahead + 1, isCounted: true },
    y: { label: 'share of pre-activations', column: 'share', scale: 'log', zero: true },
    series: kindsOf(analysis).map(({ name, counts }, place): Series => {
      const found = new Float64Array(ahead + 1)
      for (const count of counts) found[count]! += 1
      return {
        name,
        role: 'points',
        color: place,
        of: { rows: name, step },
        x: times,
        y: times.map((changes) => found[changes]! / counts.length),
      }
    }),
  }
}

/** Rows of two equal tokens first, whose z is twice a weight; null where rows are of one kind. */
export function orderByKind({ samples: { a, b } }: Pick<SignChanges, 'samples'>): Int32Array | null {
  if (!a || !b) return null
  const rows = Int32Array.from(a, (_, row) => row)
  return rows.sort((one, other) => Number(a[one] !== b[one]) - Number(a[other] !== b[other]) || one - other)
}

/** The counts of the rows of each kind that there are: two equal tokens, two different ones; or all samples. */
function kindsOf({ changes: { columns, data }, samples: { a, b } }: SignChanges): { name: string; counts: number[] }[] {
  const all = Array.from(data)
  if (!a || !b) return [{ name: 'all samples', counts: all }]
  const isOf = (at: number) => a[Math.floor(at / columns)] === b[Math.floor(at / columns)]
  return [
    { name: 'a = b', counts: all.filter((_, at) => isOf(at)) },
    { name: 'a ≠ b', counts: all.filter((_, at) => !isOf(at)) },
  ].filter(({ counts }) => counts.length > 0)
}

function shareOf(counts: readonly number[]): number {
  return counts.filter((count) => count >= chatteringChanges).length / counts.length
}
