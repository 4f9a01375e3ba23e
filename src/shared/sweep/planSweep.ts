import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { LabError } from '../errors.ts'
import type { ExperimentSpec } from '../experiment.ts'
import { roundDigits } from '../formatting/formatNumber.ts'
import { parseExperiment } from '../parseExperiment.ts'
import { parseInput, type SpecificationProblem } from '../parseInput.ts'
import { quote } from '../quote.ts'
import { shorten } from '../shorten.ts'
import { fittingChanges } from '../specification/fittingChanges.ts'
import { changed, valueAt, type Change, type SpecDraft } from '../specification/paths.ts'
import { datasetContent } from '../tasks/dataset.ts'
import { sobolPoint } from './sobol.ts'
import {
  fieldsOf,
  isWithin,
  seedsOf,
  sweepSchema,
  type SweepAxis,
  type SweepRange,
  type SweepSpec,
} from './sweepSchema.ts'

/** One combination of the values of all axes: an experiment, with the sweep's seeds. */
export interface SweepCell {
  /** What it sets, in the order of the axes. */
  changes: readonly Change[]
  spec: ExperimentSpec
}

/** Checks a sweep by itself; its cells are checked as they are made. Throws INVALID_SPECIFICATION. */
export function parseSweep(input: unknown): SweepSpec {
  return parseInput(sweepSchema, input, { code: 'INVALID_SPECIFICATION', whole: 'sweep' })
}

/** The fields and values of every cell, unchecked; the last axis is the fastest. */
export function changesOfCells({ axes }: SweepSpec): Change[][] {
  return axes
    .map(stepsOfAxis)
    .reduce<Change[][]>((cells, steps) => cells.flatMap((cell) => steps.map((step) => [...cell, ...step])), [[]])
}

/**
 * The cell that sets these fields. Throws INVALID_SPECIFICATION with the cell's values before what is wrong, and with
 * `SpecificationProblem`s whose paths are those of the sweep.
 */
export function planCell(sweep: SweepSpec, changes: readonly Change[]): SweepCell {
  const base = leanBase(sweep)
  const experiment = changed(base, fittingChanges(changes, base))
  const draft = withStart({ ...experiment, name: sweep.name, seeds: seedsOf(sweep) }, sweep)
  try {
    requirePortable(draft, sweep)
    return { changes, spec: parseExperiment(draft) as ExperimentSpec }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    throw errorOfCell(sweep, changes, error)
  }
}

/** What is wrong with one cell alone, as it is told of the sweep. */
export function refuseCell(sweep: SweepSpec, changes: readonly Change[], problem: SpecificationProblem): LabError {
  const message = `${problem.path}: ${problem.message}`
  return errorOfCell(sweep, changes, new LabError('INVALID_SPECIFICATION', message, [{ ...problem, message }]))
}

function errorOfCell(sweep: SweepSpec, changes: readonly Change[], error: LabError): LabError {
  const cell = `cell ${describeCell(changes)}`
  return new LabError(error.code, `${cell}: ${error.message}`, problemsOfCell(sweep, cell, error))
}

/** What is wrong with a cell, at the axis that sets the field, else at the base. */
function problemsOfCell({ axes }: SweepSpec, cell: string, { detail, message }: LabError): SpecificationProblem[] {
  const found = (detail as SpecificationProblem[] | undefined) ?? [{ path: '', value: undefined, message }]
  return found.map(({ path, value, message }) => {
    const axis = axes.findIndex((axis) =>
      fieldsOf(axis).some((field) => isWithin(path, field) || isWithin(field, path)),
    )
    const place = path === 'seeds' ? path : `base.${path}`
    return { path: axis < 0 ? place : `axes.${axis}`, value, message: `${cell}: ${message}` }
  })
}

/** A cell as its values, in words. */
export function describeCell(changes: readonly Change[]): string {
  return shorten(changes.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).join(', '), 1000)
}

/** Of thousands of runs only the states at events are kept, unless the base says otherwise. */
function leanBase({ base }: SweepSpec): SpecDraft {
  const isComposed = !('study' in base)
  return isComposed && valueAt(base, 'record.snapshots') === undefined
    ? changed(base, [{ path: 'record.snapshots', value: 'events' }])
    : base
}

/** A start says what it is by what its file held when the sweep was planned. */
function withStart(draft: SpecDraft, { starts = {} }: SweepSpec): SpecDraft {
  const path = valueAt(draft, 'initialization.kind') === 'file' ? valueAt(draft, 'initialization.path') : undefined
  const isKnown = typeof path === 'string' && Object.hasOwn(starts, path)
  return isKnown ? changed(draft, [{ path: 'initialization.hash', value: starts[path] }]) : draft
}

/** What the data of a task is: which file is named, and what was found in it. */
const dataFields = ['path', ...Object.keys(datasetContent.shape).map((name) => `content.${name}`)]

/** What a run needs besides its specification has to follow it wherever it is computed: the data of the base does, in the folder. */
function requirePortable(draft: SpecDraft, { base }: SweepSpec): void {
  const [task, own] = [valueAt(draft, 'task'), valueAt(base, 'task')]
  if (valueAt(task, 'kind') !== 'dataset') return
  const other = dataFields.find((field) => valueAt(task, field) !== valueAt(own, field))
  if (other === undefined) return
  const [path, value] = [`task.${other}`, valueAt(task, other)]
  const given = value === undefined ? 'missing' : `${quote(value)} is not allowed`
  const message = `${path}: ${given}: the data of a sweep is that of its base, the same in every cell`
  throw new LabError('INVALID_SPECIFICATION', message, [{ path, value, message }])
}

/** What an axis sets at each of its places. */
export function stepsOfAxis(axis: SweepAxis): Change[][] {
  switch (axis.kind) {
    case 'values':
      return axis.values.map((value) => [{ path: axis.field, value }])
    case 'range': {
      const places = Array.from({ length: axis.count }, (_, place) =>
        valueIn(axis, place / Math.max(1, axis.count - 1)),
      )
      return [...new Set(places)].map((value) => [{ path: axis.field, value }])
    }
    case 'paired':
      return axis.values.map((row) => axis.fields.map((path, place) => ({ path, value: row[place] })))
    case 'sample': {
      const point = axis.sample === 'sobol' ? sobolPoint : randomPoints()
      const steps = Array.from({ length: axis.count }, (_, place) => {
        const at = point(place, axis.over.length)
        return axis.over.map((range, dimension) => ({ path: range.field, value: valueIn(range, at[dimension]!) }))
      })
      return [...new Map(steps.map((step) => [JSON.stringify(step), step])).values()]
    }
  }
}

/** So many digits agree on every machine, whatever its powers and logarithms do in the last; keys hang on them. */
const digits = 12

function valueIn({ from, to, scale, whole }: SweepRange, share: number): number {
  if (share === 0 || share === 1) return whole ? Math.round(share ? to : from) : share ? to : from
  const value = scale === 'log' ? geometric(from, to, share) : from + (to - from) * share
  return whole ? Math.round(value) : roundDigits(value, digits)
}

/** `from (to / from)^share`, though both may be further apart than the largest number. */
function geometric(from: number, to: number, share: number): number {
  const ratio = to / from
  return ratio > 0 && ratio < Infinity ? from * ratio ** share : from ** (1 - share) * to ** share
}

/** The same points in every plan: xoroshiro128+ from one seed, drawn in order. */
function randomPoints(): (place: number, dimensions: number) => number[] {
  const generator = xoroshiro128plus(0)
  return (_, dimensions) => Array.from({ length: dimensions }, () => uniformFloat64(generator))
}
