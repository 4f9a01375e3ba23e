import {
  measurements,
  summarizedNames,
  type MeasurementDescription,
  type MeasurementName,
} from '../../../shared/measurements.ts'
import type { RunEventName, RunSummary } from '../../../shared/run.ts'
import { presentName } from '../../../shared/formerNames.ts'
import { findRunField } from '../../../shared/query/runFields.ts'
import { facetFields, type FacetPath } from '../../../shared/specification/facets.ts'
import type { SpecificationField } from '../../../shared/specification/fields.ts'
import { formatCount, formatFixed, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration, formatMoment } from '../../../shared/formatting/formatTime.ts'

/** What a group's own line says in a column: `spread` mean ± deviation, `range` least–most, `same` what all share. */
export type GroupReading = 'spread' | 'range' | 'sum' | 'same' | 'none'

export interface RunColumn {
  id: string
  /** What stands at its head; a symbol is set in italics before it. */
  label: string
  symbol?: string
  /** What it is, for whoever chooses columns; where the head does not say it. */
  help?: string
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

const threeDigits = (value: number) => formatNumber(value, 3)
const event = (name: RunEventName, at: 'step' | 'tau') => (run: RunSummary) => run.events[name]?.[at] ?? null

/** Columns of a field or a measurement that are shown until a person chooses otherwise. */
const shownAtFirst: readonly string[] = [
  'task.modulus',
  'network.hidden',
  'testAccuracy',
  'firstLayerNormSquared',
] satisfies (FacetPath | MeasurementName)[]
const [named, others] = [true, false].map((isNamed) =>
  facetFields.filter(({ words }) => Boolean(words.filter) === isNamed).map(facetColumn),
) as [RunColumn[], RunColumn[]]

/** Every column of the table, in order. `name`, `tags`, `status` and `curve` are drawn by the table itself. */
export const runColumns: readonly RunColumn[] = [
  { id: 'name', label: 'Run', width: 240, shown: true, of: ({ name }) => name, group: 'none' },
  { id: 'tags', label: 'Tags', width: 104, shown: true, of: ({ tags }) => tags.join(' ') || null, group: 'none' },
  { id: 'dynamics', label: 'Dynamics', width: 138, shown: true, of: describeDynamics, group: 'same' },
  ...named,
  numeric('trainPairs', {
    symbol: 'n',
    help: 'training pairs',
    width: 54,
    shown: true,
    of: ({ trainPairs }) => trainPairs,
    group: 'same',
  }),
  numeric('seed', { label: 'seed', width: 52, of: ({ seed }) => seed, group: 'none' }),
  numeric('eta', {
    symbol: 'η',
    help: 'step size or learning rate',
    width: 72,
    of: ({ facets }) => facets['dynamics.integrator.stepSize'] ?? facets['dynamics.learningRate'] ?? null,
    format: formatGiven,
    group: 'same',
  }),
  { id: 'status', label: 'Status', width: 124, shown: true, of: ({ status }) => status, group: 'none' },
  {
    id: 'curve',
    label: 'Test accuracy',
    width: 124,
    shown: true,
    of: ({ latest }) => latest.testAccuracy ?? null,
    group: 'none',
  },
  ...summarizedNames.map(measurementColumn),
  numeric('memorizedStep', {
    symbol: 't_memorize',
    width: 86,
    of: event('memorized', 'step'),
    format: formatCount,
    group: 'spread',
    settled: true,
  }),
  numeric('generalizedStep', {
    symbol: 't_grok',
    label: 'steps',
    width: 104,
    shown: true,
    of: event('generalized', 'step'),
    format: formatCount,
    group: 'spread',
    settled: true,
  }),
  numeric('generalizedTau', {
    symbol: 'τ_grok',
    width: 86,
    shown: true,
    of: event('generalized', 'tau'),
    format: threeDigits,
    group: 'spread',
    settled: true,
  }),
  numeric('stalledStep', {
    symbol: 't_stalled',
    width: 86,
    of: event('stalled', 'step'),
    format: formatCount,
    group: 'range',
  }),
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
  ...others,
]

/** A field of a specification: by its symbol alone where it is well known by it. */
function facetColumn({ path, words, type }: SpecificationField): RunColumn {
  const { label, symbol, choices, filter } = words
  const isNumeric = type === 'number' || type === 'wholeNumber' || type === 'list'
  const head = symbol && filter && isNumeric ? { symbol, label: '', help: label } : { label, ...(symbol && { symbol }) }
  const text = 'symbol' in head && head.label === '' ? symbol! : label
  return {
    id: path,
    ...head,
    ...(isNumeric && { numeric: true }),
    ...(shownAtFirst.includes(path) && { shown: true }),
    width: isNumeric && text.length < 6 ? 60 : Math.max(84, 24 + 7 * text.length),
    of: ({ facets }) => {
      const value = facets[path as FacetPath] ?? null
      return typeof value === 'string' ? (choices?.[value] ?? value) : value
    },
    format: type === 'number' ? formatGiven : formatCount,
    group: 'same',
  }
}

/** A measurement whose latest value lists have: by its words where they are short. */
function measurementColumn(name: MeasurementName): RunColumn {
  const { label, symbol, range }: MeasurementDescription = measurements[name]
  return numeric(name, {
    symbol,
    help: `latest ${label}`,
    width: 92,
    ...(shownAtFirst.includes(name) && { shown: true }),
    of: ({ latest }) => latest[name] ?? null,
    format: range ? (value) => formatFixed(value, 3) : (value) => formatNumber(value, 3),
    group: 'spread',
  })
}

/** The column that an id of this or an older version means. */
export function findColumn(id: string): RunColumn | undefined {
  const field = findRunField(id)
  const path = field?.value.in === 'facets' ? field.value.path : undefined
  const ids = [id, path, presentName(id)]
  return runColumns.find((column) => ids.includes(column.id))
}

/** Of one run; empty where it has no such value. */
export function cellText(column: RunColumn, run: RunSummary): string {
  const value = column.of(run)
  if (value === null) return ''
  return typeof value === 'number' ? (column.format ?? formatNumber)(value) : value
}

/** Where a run came to its end before its time; null where its status says all. */
export function stateText({ status, step, events }: RunSummary): string | null {
  if (status === 'failed') return `Failed at ${formatCount(step)}`
  return events.stalled ? `Stalled at ${formatCount(events.stalled.step)}` : null
}

/** "isolated, Euler", "training, AdamW", "flow on Z, Heun". */
export function describeDynamics({ facets }: RunSummary): string {
  const dynamics = facets['dynamics.kind'] ?? ''
  const method = facets['dynamics.integrator.kind'] ?? facets['dynamics.optimizer.kind']
  const ridge = facets['dynamics.ridge']
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
