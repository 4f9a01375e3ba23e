import {
  measurements,
  summarizedNames,
  type MeasurementDescription,
  type MeasurementName,
} from '../../../shared/measurements.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { presentName } from '../../../shared/formerNames.ts'
import { readColumn, runColumns, type RunColumn } from '../../../shared/query/runColumns.ts'
import { findRunField } from '../../../shared/query/runFields.ts'
import { facetFields, type FacetPath } from '../../../shared/specification/facets.ts'
import type { SpecificationField } from '../../../shared/specification/fields.ts'
import { formatCount, formatFixed, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration, formatMoment } from '../../../shared/formatting/formatTime.ts'

/** How the table draws a column. */
export interface ColumnLook {
  /** What stands at its head; a symbol is set in italics before it. */
  label?: string
  symbol?: string
  /** What it is, for whoever chooses columns; where the head does not say it. */
  help?: string
  width: number
  /** Shown until a person chooses otherwise. */
  shown?: boolean
  format?: (value: number) => string
}

export type TableColumn = RunColumn & ColumnLook & { label: string }

const threeDigits = (value: number) => formatNumber(value, 3)

/** Those that are of a measurement or of a field are drawn alike. */
const looks: Readonly<Record<string, ColumnLook>> = {
  name: { label: 'Run', width: 240, shown: true },
  tags: { label: 'Tags', width: 104, shown: true },
  dynamics: { label: 'Dynamics', width: 138, shown: true },
  trainPairs: { symbol: 'n', help: 'training pairs', width: 54, shown: true },
  seed: { label: 'seed', width: 52 },
  eta: { symbol: 'η', help: 'step size or learning rate', width: 72, format: formatGiven },
  status: { label: 'Status', width: 124, shown: true },
  curve: { label: 'Test accuracy', width: 124, shown: true },
  memorizedStep: { symbol: 't_memorize', width: 86, format: formatCount },
  generalizedStep: { symbol: 't_grok', label: 'steps', width: 104, shown: true, format: formatCount },
  generalizedTau: { symbol: 'τ_grok', width: 86, shown: true, format: threeDigits },
  stalledStep: { symbol: 't_stalled', width: 86, format: formatCount },
  tau: { symbol: 'τ', label: 'reached', width: 84, format: threeDigits },
  seconds: {
    label: 'Time',
    width: 66,
    shown: true,
    format: (seconds) => formatDuration(seconds).replace('under', '<'),
  },
  createdAt: { label: 'Made', width: 148, format: formatMoment },
}

/** Columns of a field or a measurement that are shown until a person chooses otherwise. */
const shownAtFirst: readonly string[] = [
  'task.modulus',
  'network.hidden',
  'testAccuracy',
  'firstLayerNormSquared',
] satisfies (FacetPath | MeasurementName)[]

/** What became of a run stands before what it is, where a narrow window shows it. */
const leading = ['name', 'status', 'curve', 'testAccuracy', 'generalizedStep', 'generalizedTau', 'seconds']
const rank = ({ id }: RunColumn) =>
  leading.includes(id) ? leading.indexOf(id) : id === 'tags' ? Infinity : leading.length

/** Every column of the table, in order. `name`, `tags`, `status` and `curve` are drawn by the table itself. */
export const tableColumns: readonly TableColumn[] = runColumns
  .map((column) => ({ label: '', ...column, ...lookOf(column.id) }))
  .sort((a, b) => rank(a) - rank(b))

function lookOf(id: string): ColumnLook {
  const field = facetFields.find(({ path }) => path === id)
  const name = summarizedNames.find((each) => each === id)
  const look = field ? fieldLook(field) : name ? measurementLook(name) : looks[id]
  if (!look) throw new Error(`the table does not know how to draw the column ${id}`)
  return shownAtFirst.includes(id) ? { ...look, shown: true } : look
}

/** A field of a specification: by its symbol alone where it is well known by it. */
function fieldLook({ words, type }: SpecificationField): ColumnLook {
  const { label, symbol, filter } = words
  const isNumeric = type === 'number' || type === 'wholeNumber' || type === 'list'
  const isKnown = symbol !== undefined && filter !== undefined && isNumeric
  const text = isKnown ? symbol : label
  return {
    ...(isKnown ? { symbol, help: label } : { label, ...(symbol && { symbol }) }),
    width: isNumeric && text.length < 6 ? 60 : Math.max(84, 24 + 7 * text.length),
    format: type === 'number' ? formatGiven : formatCount,
  }
}

/** A measurement whose latest value lists have: by its words where they are short. */
function measurementLook(name: MeasurementName): ColumnLook {
  const { label, symbol, range }: MeasurementDescription = measurements[name]
  return { symbol, help: `latest ${label}`, width: 92, format: range ? (value) => formatFixed(value, 3) : threeDigits }
}

/** The column that an id of this or an older version means. */
export function findColumn(id: string): TableColumn | undefined {
  const field = findRunField(id)
  const path = field?.value.in === 'facets' ? field.value.path : undefined
  const ids = [id, path, presentName(id)]
  return tableColumns.find((column) => ids.includes(column.id))
}

/** Of one run; empty where it has no such value. */
export function cellText(column: TableColumn, run: RunSummary): string {
  return valueText(column, readColumn(column, run))
}

export function valueText({ format = formatNumber }: TableColumn, value: number | string | null): string {
  if (value === null) return ''
  return typeof value === 'number' ? format(value) : value
}

/** Where a run came to its end before its time; null where its status says all. */
export function stateText({ status, step, events }: RunSummary): string | null {
  if (status === 'failed') return `Failed at ${formatCount(step)}`
  return events.stalled ? `Stalled at ${formatCount(events.stalled.step)}` : null
}
