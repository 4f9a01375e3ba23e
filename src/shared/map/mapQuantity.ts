import { isOutcome, LabError } from '../errors.ts'
import { measurements, type MeasurementDescription } from '../measurements.ts'
import { quote } from '../quote.ts'
import type { RunEventName, RunSummary } from '../run.ts'
import { findRunColumn, type ColumnValue } from '../query/runColumns.ts'
import { findRunField, runFields, type TextValue } from '../query/runFields.ts'
import { readRunValue, type RunValue } from '../query/runValues.ts'
import { hasEnded } from './mapCells.ts'

/**
 * What is read of a run that has ended: a number, or the bound beyond which it lies where it did not come in time; a run that
 * diverged has no time left, its bound is infinite. Null where there is nothing to read.
 */
export type Reading = { value: number; isBeyond: boolean } | null

/** A number of runs by which cells are colored. */
export interface MapQuantity {
  /** As lists and filters call it. */
  id: string
  /** In words, marked for `setSymbols`. */
  label: string
  /** The same in few letters, where there is no room for words. */
  symbol: string
  scale: 'linear' | 'log'
  /** Where all of its values lie. */
  range?: readonly [number, number]
  /** Whether it is a time at which something happens, which a run may end before. */
  isTime: boolean
  /** The event that a run must have had for it to be read, where it is the time since then. */
  since?: RunEventName
  read: (run: RunSummary) => Reading
}

/** What a run says of itself that is an amount. */
const ownNumbers: readonly string[] = ['step', 'tau', 'seconds', 'largestLocalError']

/** Names that a map can be colored by, as the command line suggests them. */
export const quantityNames: readonly string[] = runFields.flatMap(({ value, names }) =>
  isQuantity(value) ? [names[0]] : [],
)

const found = new Map<string, MapQuantity>()

/** By the name of a column of lists or of a field of filters. Throws USAGE naming some of those there are. */
export function findQuantity(name: string): MapQuantity {
  const known = found.get(name) ?? lookUp(name)
  found.set(name, known)
  return known
}

/** Whether `findQuantity` finds one. */
export function isQuantityName(name: string): boolean {
  return valueCalled(name) !== undefined
}

function valueCalled(name: string): QuantityValue | undefined {
  return [findRunColumn(name)?.value, findRunField(name)?.value].find((each) => each && isQuantity(each)) as
    QuantityValue | undefined
}

function lookUp(name: string): MapQuantity {
  const value = valueCalled(name)
  if (value) return describe(value)
  const some = `${quantityNames.slice(0, 8).join(', ')} …`
  throw new LabError('USAGE', `no number of a run is called ${quote(name)}; there are ${some}`)
}

/** Whether a run failed as its dynamics had it; any other failure says nothing about it. */
export function hasDiverged({ status, code }: Pick<RunSummary, 'status' | 'code'>): boolean {
  return status === 'failed' && isOutcome(code)
}

type QuantityValue = Extract<RunValue, { in: 'run' | 'latest' | 'events' | 'difference' }>

function isQuantity(value: ColumnValue | TextValue): value is QuantityValue {
  if (value.in === 'run') return ownNumbers.includes(value.column)
  return value.in === 'latest' || value.in === 'events' || value.in === 'difference'
}

function describe(value: QuantityValue): MapQuantity {
  const words = runFields.find((field) => JSON.stringify(field.value) === JSON.stringify(value))!
  const [id] = words.names
  if (value.in === 'latest') {
    const { label, symbol, scale, range }: MeasurementDescription = measurements[value.name]
    const words = `${label} ${symbol}`
    return { id, label: words, symbol, scale, ...(range ? { range } : {}), isTime: false, read: readOf(value) }
  }
  if (value.in === 'run')
    return { id, label: words.help, symbol: id, scale: 'linear', isTime: false, read: readOf(value) }
  const symbol = id.replace(/^tau(?=_|$)/, 'τ').replace(/^delay$/, 'Δt')
  const since = value.in === 'difference' && value.less.in === 'events' ? { since: value.less.name } : {}
  return { id, label: `${words.help} ${symbol}`, symbol, scale: 'log', isTime: true, ...since, read: readOf(value) }
}

function readOf(value: QuantityValue): MapQuantity['read'] {
  return (run) => {
    if (!hasEnded(run)) return null
    const isDiverged = hasDiverged(run)
    if (run.status === 'failed' && !isDiverged) return null
    const isEnd = value.in === 'latest' || value.in === 'run'
    // What was measured last before it diverged is no end of it.
    const number = isEnd && isDiverged ? null : readRunValue(value, run)
    if (typeof number === 'number') return { value: number, isBeyond: false }
    const bound = boundOf(value, run)
    return bound === null ? null : { value: isDiverged ? Infinity : bound, isBeyond: true }
  }
}

/** Beyond what an event lies that did not come: the end of the run. */
function boundOf(value: RunValue, run: RunSummary): number | null {
  switch (value.in) {
    case 'events':
      return value.at === 'step' ? run.step : run.tau
    case 'difference': {
      const [end, start] = [boundOf(value.of, run), readRunValue(value.less, run)]
      return end !== null && typeof start === 'number' ? end - start : null
    }
    default:
      return null
  }
}
