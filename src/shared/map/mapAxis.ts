import { formatLabel } from '../formatting/formatNumber.ts'
import type { Axis, NamedPlace } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import { declaredField, fieldWords, valueWords } from '../specification/fieldWords.ts'

/** A field of runs as an axis of a map. */
export interface MapAxis {
  field: string
  axis: Axis
  /** Where a value stands: a number at itself, or all values side by side in their order, from 0. */
  positionOf: (value: number | string) => number
}

/** A value at which a field stands. */
export interface FieldValue {
  field: string
  value: number | string
}

/** What stands for a field that a run has not. */
const nothing = '–'

/** A field's value, as a specification's scalars have it. */
export function valueOnAxis({ facets }: Pick<RunSummary, 'facets'>, field: string): number | string {
  return (facets as Readonly<Record<string, number | string>>)[field] ?? nothing
}

/**
 * The axis on which the values of a field stand: logarithmic where their ratios differ less than their differences, and names
 * side by side where one of them is no number.
 */
export function mapAxis(field: string, runs: readonly Pick<RunSummary, 'facets'>[]): MapAxis {
  const values = [...new Set(runs.map((run) => valueOnAxis(run, field)))]
  const said = { ...namedField(field), column: field }
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b)
  if (numbers.length === values.length) {
    const { type, bounds } = declaredField(field) ?? {}
    const isCounted = type === 'wholeNumber'
    const axis = { ...said, scale: scaleOf(numbers), ...(bounds && { bounds }), ...(isCounted && { isCounted }) }
    return { field, axis, positionOf: Number }
  }
  const ordered = [...numbers, ...values.filter((value) => typeof value === 'string')]
  const places = new Map(ordered.map((value, place) => [value, place]))
  const ticks = ordered.map((value, at) => placeOf(at, value, field))
  return { field, axis: { ...said, scale: 'linear', ticks }, positionOf: (value) => places.get(value)! }
}

/** A field by its symbol, else its label; marked for `setSymbols`. */
export function nameOfField(field: string): string {
  const { label = field, symbol } = fieldWords(field) ?? {}
  if (symbol === undefined) return label
  return symbol.includes('_') ? symbol : `$${symbol}$`
}

/** A place of a field's value, named by its words. */
export function placeOf(at: number, value: number | string, field: string): NamedPlace {
  const [label, raw] = [wordsOf(value, field), String(value)]
  return { at, label, ...(label === raw ? {} : { value: raw }) }
}

/** A field at one of its values, marked for `setSymbols`. */
export function fieldAtValue({ field, value }: FieldValue): string {
  return `${nameOfField(field)} = ${wordsOf(value, field)}`
}

function wordsOf(value: number | string, field: string): string {
  return typeof value === 'number' ? formatLabel(value) : valueWords(value, field)
}

/** A symbol with a lowered part is set as such within the label only. */
function namedField(field: string): { label: string; symbol?: string } {
  const { label = field, symbol } = fieldWords(field) ?? {}
  if (symbol === undefined) return { label }
  return symbol.includes('_') ? { label: `${label} ${symbol}` } : { label, symbol }
}

/** Two values alone are a decade apart where they stand on a logarithmic axis. */
const leastRatio = 10

function scaleOf(ascending: readonly number[]): Axis['scale'] {
  const [first = 0, second = 0] = ascending
  if (!(first > 0)) return 'linear'
  if (ascending.length < 3) return second / first >= leastRatio ? 'log' : 'linear'
  return unevenness(ascending.map(Math.log)) < unevenness(ascending) - 1e-9 ? 'log' : 'linear'
}

/** The relative deviation of the steps between values: 0 where they are equal. */
function unevenness(ascending: readonly number[]): number {
  const steps = ascending.slice(1).map((value, place) => value - ascending[place]!)
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
  return Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length) / mean
}
