import type { RunSummary } from '../../../shared/run.ts'
import { formatCount, formatFixed, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration, formatMoment } from '../../../shared/formatting/formatTime.ts'

/** What a group's own line says in a column: `spread` mean ± deviation, `range` least–most, `same` what all share. */
export type GroupReading = 'spread' | 'range' | 'sum' | 'same' | 'none'

export interface RunColumn {
  id: string
  label: string
  /** Set in italics before the label. */
  symbol?: string
  width: number
  numeric?: boolean
  /** Shown until a person chooses otherwise. */
  shown?: boolean
  of: (run: RunSummary) => number | string | null
  format?: (value: number) => string
  group: GroupReading
  /** Whether a value stays once it is there, though the run goes on. */
  settled?: boolean
}

const accuracy = (value: number) => formatFixed(value, 3)
const threeDigits = (value: number) => formatNumber(value, 3)

/** Every column of the table, in order. `name`, `tags`, `status` and `curve` are drawn by the table itself. */
export const runColumns: readonly RunColumn[] = [
  { id: 'name', label: 'Run', width: 240, shown: true, of: ({ name }) => name, group: 'none' },
  { id: 'tags', label: 'Tags', width: 104, shown: true, of: ({ tags }) => tags.join(' ') || null, group: 'none' },
  { id: 'dynamics', label: 'Dynamics', width: 138, shown: true, of: describeDynamics, group: 'same' },
  numeric('modulus', { symbol: 'p', width: 46, shown: true, of: ({ modulus }) => modulus, group: 'same' }),
  numeric('hidden', { symbol: 'd_h', width: 54, shown: true, of: ({ hidden }) => hidden, group: 'same' }),
  numeric('trainPairs', { symbol: 'n', width: 54, shown: true, of: ({ trainPairs }) => trainPairs, group: 'same' }),
  numeric('trainFraction', {
    symbol: 'f_s',
    width: 54,
    of: ({ trainFraction }) => trainFraction,
    format: formatGiven,
    group: 'same',
  }),
  numeric('seed', { label: 'seed', width: 52, of: ({ seed }) => seed, group: 'none' }),
  numeric('eta', {
    symbol: 'η',
    width: 72,
    of: (run) => run.stepSize ?? run.learningRate,
    format: formatGiven,
    group: 'same',
  }),
  numeric('ridge', { symbol: 'λ', width: 72, of: ({ ridge }) => ridge, format: formatGiven, group: 'same' }),
  numeric('weightDecay', {
    label: 'decay',
    width: 72,
    of: ({ weightDecay }) => weightDecay,
    format: formatGiven,
    group: 'same',
  }),
  { id: 'status', label: 'Status', width: 124, shown: true, of: ({ status }) => status, group: 'none' },
  { id: 'curve', label: 'Test accuracy', width: 124, shown: true, of: (run) => run.testAccuracy, group: 'none' },
  numeric('testAccuracy', {
    label: 'latest',
    width: 92,
    shown: true,
    of: (run) => run.testAccuracy,
    format: accuracy,
    group: 'spread',
  }),
  numeric('testMse', { label: 'test error', width: 84, of: ({ testMse }) => testMse, group: 'spread' }),
  numeric('trainLoss', { label: 'training loss', width: 96, of: ({ trainLoss }) => trainLoss, group: 'spread' }),
  numeric('memorisedStep', {
    symbol: 't_memorise',
    width: 86,
    of: (run) => run.memorisedStep,
    format: formatCount,
    group: 'spread',
    settled: true,
  }),
  numeric('generalisedStep', {
    symbol: 't_grok',
    label: 'steps',
    width: 104,
    shown: true,
    of: (run) => run.generalisedStep,
    format: formatCount,
    group: 'spread',
    settled: true,
  }),
  numeric('generalisedTau', {
    symbol: 'τ_grok',
    width: 86,
    shown: true,
    of: (run) => run.generalisedTau,
    format: threeDigits,
    group: 'spread',
    settled: true,
  }),
  numeric('stalledStep', {
    symbol: 't_stalled',
    width: 86,
    of: (run) => run.stalledStep,
    format: formatCount,
    group: 'range',
  }),
  numeric('firstNorm', {
    symbol: '‖E‖²',
    width: 86,
    shown: true,
    of: (run) => run.firstLayerNormSquared,
    format: threeDigits,
    group: 'spread',
  }),
  numeric('secondNorm', {
    symbol: '‖W‖²',
    width: 82,
    of: (run) => run.secondLayerNormSquared,
    format: threeDigits,
    group: 'spread',
  }),
  numeric('steps', { label: 'steps', width: 96, of: ({ steps }) => steps, format: formatCount, group: 'same' }),
  numeric('tau', {
    symbol: 'τ',
    label: 'reached',
    width: 84,
    of: ({ tau }) => tau,
    format: threeDigits,
    group: 'range',
  }),
  numeric('seconds', {
    label: 'Time',
    width: 66,
    shown: true,
    of: ({ seconds }) => (seconds > 0 ? seconds : null),
    format: (seconds) => formatDuration(seconds).replace('under', '<'),
    group: 'sum',
  }),
  numeric('createdAt', {
    label: 'Made',
    width: 148,
    // The runs of one experiment are made together.
    of: ({ createdAt }) => Math.floor(createdAt / 1000) * 1000,
    format: formatMoment,
    group: 'range',
  }),
]

/** Of one run; empty where it has no such value. */
export function cellText(column: RunColumn, run: RunSummary): string {
  const value = column.of(run)
  if (value === null) return ''
  return typeof value === 'number' ? (column.format ?? formatNumber)(value) : value
}

/** Where a run came to its end before its time; null where its status says all. */
export function stateText({ status, step, stalledStep }: RunSummary): string | null {
  if (status === 'failed') return `Failed at ${formatCount(step)}`
  return stalledStep === null ? null : `Stalled at ${formatCount(stalledStep)}`
}

/** "isolated, Euler", "training, AdamW", "flow on Z, Heun". */
export function describeDynamics({ dynamics, integrator, optimizer, ridge }: RunSummary): string {
  const method = integrator ?? optimizer
  const kind = dynamics === 'isolated' && ridge ? 'isolated, ridge' : (dynamicsNames[dynamics] ?? dynamics)
  return method ? `${kind}, ${methodNames[method] ?? method}` : kind
}

const dynamicsNames: Record<string, string> = { zeroLossFlow: 'flow on Z', gradientFlow: 'gradient flow' }
const methodNames: Record<string, string> = {
  euler: 'Euler',
  heun: 'Heun',
  dormandPrince: 'Dormand–Prince',
  gradientDescent: 'descent',
  momentum: 'momentum',
  adamw: 'AdamW',
}

function numeric(id: string, column: Omit<RunColumn, 'id' | 'numeric' | 'label'> & { label?: string }): RunColumn {
  return { id, label: '', numeric: true, ...column }
}
