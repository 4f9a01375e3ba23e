import { limits } from '../../../shared/specification/limits.ts'
import { specificationFields } from '../../../shared/specification/fields.ts'
import { fittingChanges } from '../../../shared/specification/fittingChanges.ts'
import { changed, valueAt, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import { changesOfCells, parseSweep } from '../../../shared/sweep/planSweep.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import { parseEntry, parseValues, shortEntry, writeEntry, writeValues } from '../../formatting/entries.ts'
import type { Field } from './field.ts'
import { entriesOf, entryLines } from './interventionEntries.ts'
import { wizardFields } from './wizardFields.ts'

/** A field of an axis and what was typed of its values: with commas between them, or as a JSON list. */
export interface AxisPart {
  field: string
  text: string
}

/** An axis as it is set up. */
export type AxisDraft =
  /** With several parts their fields change together, step by step. */
  | { kind: 'values'; parts: AxisPart[] }
  | { kind: 'range'; field: string; from: string; to: string; count: string; scale: 'linear' | 'log'; whole: boolean }
  /** As a file has it, where it is of no other form. */
  | { kind: 'given'; axis: Record<string, unknown> }

/** A sweep as `grokscope sweep run` reads it, right or wrong. */
export type SweepDraft = Record<string, unknown>

const parts = specificationFields.filter(({ type }) => type === 'part').map(({ path }) => path)
/** Every cell has its own seeds and one name, and all of them the same data. */
const never = ['name', 'seeds', 'task.path']

/** Every field of a draft that an axis can set, those of parts that it leaves out among them; one line for each path. */
export function axisFields(spec: SpecDraft): Field[] {
  const entries = entriesOf(spec).flatMap((_, place) =>
    entryLines(place).map((line) => ({ ...line, label: `Intervention ${place + 1}: ${line.label.toLowerCase()}` })),
  )
  const lines = [...wizardFields, ...entries].filter(
    ({ path, shown }) => !never.includes(path) && !parts.includes(path) && shown(withParts(spec, path)),
  )
  // What may be chosen or typed has two lines, of which the typed one takes both.
  return [...Map.groupBy(lines, ({ path }) => path).values()].map((same) => same.at(-1)!)
}

/** The draft with the parts that a path lies in, so that their lines show. */
function withParts(spec: SpecDraft, path: string): SpecDraft {
  const missing = parts.filter((part) => path.startsWith(`${part}.`) && valueAt(spec, part) === undefined)
  return changed(
    spec,
    missing.map((part) => ({ path: part, value: {} })),
  )
}

export function newAxis(field: Field, spec: SpecDraft): AxisDraft {
  const value = valueAt(spec, field.path)
  if (field.choices) return { kind: 'values', parts: [{ field: field.path, text: '' }] }
  if (field.kind !== 'number' || typeof value !== 'number' || value === 0) {
    return { kind: 'values', parts: [{ field: field.path, text: writeEntry(value) }] }
  }
  const whole = isWhole(field.path)
  const ends = whole ? [value, 2 * value] : [value / 4, 4 * value]
  const [from, to] = isShare(field.path) ? [0.3, 0.9] : (ends as [number, number])
  const scale = whole || isShare(field.path) ? 'linear' : 'log'
  return { kind: 'range', field: field.path, from: String(from), to: String(to), count: '4', scale, whole }
}

function isWhole(path: string): boolean {
  return declared(path)?.type === 'wholeNumber'
}

/** A number between 0 and 1, whose ratios say little. */
function isShare(path: string): boolean {
  const { max, below, min, above } = declared(path)?.bounds ?? {}
  return (max ?? below) === 1 && (min ?? above) === 0
}

function declared(path: string) {
  const known = path.replaceAll(/\.\d+(?=\.|$)/g, '[]')
  return specificationFields.find((field) => field.path === known)
}

/** The axis as a sweep has it; the draft fills what a choice of a kind needs. */
export function readAxis(axis: AxisDraft, fields: readonly Field[], spec: SpecDraft): Record<string, unknown> {
  if (axis.kind === 'given') return axis.axis
  if (axis.kind === 'range') {
    const { field, from, to, count, scale, whole } = axis
    const ends = { from: parseEntry(from), to: parseEntry(to), count: parseEntry(count) }
    return { field, ...ends, ...(scale === 'log' ? { scale } : {}), ...(whole ? { whole } : {}) }
  }
  const columns = axis.parts.map(({ field, text }) =>
    readValues(
      text,
      fields.find(({ path }) => path === field),
      spec,
    ),
  )
  const [first] = axis.parts
  if (axis.parts.length === 1) return { field: first!.field, values: columns[0] }
  const rows = Math.max(...columns.map((column) => column.length))
  return {
    fields: axis.parts.map(({ field }) => field),
    values: Array.from({ length: rows }, (_, row) =>
      columns.filter((column) => row < column.length).map((column) => column[row]),
    ),
  }
}

function readValues(text: string, field: Field | undefined, spec: SpecDraft): unknown[] {
  return parseValues(text).map((entry) => {
    if (!field?.choices || typeof entry !== 'string') return entry
    const written = field.write?.(entry, spec).find(({ path }) => path === field.path)
    if (written) return written.value ?? false
    return entry
  })
}

/** The choices that were typed or pressed: words as they stand, objects by their kind, and whether something is on. */
export function choicesIn(text: string): string[] {
  return parseValues(text).map(choiceOf)
}

function choiceOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(kindOf(value) ?? value)
}

/** With one choice more, or without it; the others stay as they stand. In the order in which they are offered, where one is given. */
export function toggleChoice(text: string, choice: string, offered?: readonly string[]): string {
  const before = parseValues(text)
  const others = before.filter((value) => choiceOf(value) !== choice)
  const now = others.length < before.length ? others : [...before, choice]
  return writeValues(offered?.flatMap((each) => now.filter((value) => choiceOf(value) === each)) ?? now)
}

/** What an axis sets from step to step, in words; null where it is not right yet. */
export function describeSteps(axis: Record<string, unknown>): string[] | null {
  const steps = cellsOf({ base: {}, axes: [axis] })
  return steps?.map((changes) => changes.map(({ path, value }) => shortEntry(value, path)).join(' with ')) ?? null
}

/** An axis over one field in the other form: a range as the very values that it takes, a list as a range between its ends. */
export function inOtherForm(axis: AxisDraft, field: Field, spec: SpecDraft): AxisDraft {
  if (axis.kind === 'given') return axis
  if (axis.kind === 'range') {
    const steps = cellsOf({ base: {}, axes: [readAxis(axis, [field], spec)] })
    const values = steps?.map(([change]) => change!.value) ?? [axis.from, axis.to].filter(Boolean)
    return { kind: 'values', parts: [{ field: axis.field, text: writeEntry(values) }] }
  }
  const values = parseValues(axis.parts[0]!.text)
  const ends = { from: writeEntry(values[0]), to: writeEntry(values.at(-1)), count: String(Math.max(2, values.length)) }
  const usual = newAxis(field, spec)
  const { scale, whole } = usual.kind === 'range' ? usual : ({ scale: 'linear', whole: false } as const)
  return { kind: 'range', field: field.path, ...ends, scale, whole }
}

/** An axis of a file as it is set up. */
export function draftOfAxis(axis: Record<string, unknown>): AxisDraft {
  const { field, fields, values, from, to, count, scale, whole } = axis
  const written = (path: unknown, list: readonly unknown[]) =>
    writeValues(list.map((value) => (typeof value === 'string' && hasKinds(path) ? { kind: value } : value)))
  if (typeof field === 'string' && Array.isArray(values)) {
    return { kind: 'values', parts: [{ field, text: written(field, values) }] }
  }
  if (Array.isArray(fields) && Array.isArray(values) && values.every(Array.isArray)) {
    const parts = fields.map((path, place) => ({
      field: String(path),
      text: written(
        path,
        values.map((row) => row[place]),
      ),
    }))
    return { kind: 'values', parts }
  }
  if (typeof field !== 'string' || 'sample' in axis) return { kind: 'given', axis }
  return {
    ...{ kind: 'range', field, from: writeEntry(from), to: writeEntry(to), count: writeEntry(count) },
    ...{ scale: scale === 'log' ? 'log' : 'linear', whole: whole === true },
  }
}

/** What a word is the kind of, with its defaults; a word of New takes from the draft what both have. */
function hasKinds(path: unknown): boolean {
  return specificationFields.some((field) => field.path === `${String(path)}.kind`)
}

function kindOf(value: unknown): string | undefined {
  const { kind } = (value ?? {}) as { kind?: unknown }
  return typeof kind === 'string' ? kind : undefined
}

/** The fields that an axis sets, also one that is not right yet. */
export function fieldsOfAxis(axis: AxisDraft): string[] {
  if (axis.kind === 'values') return axis.parts.map(({ field }) => field)
  if (axis.kind === 'range') return [axis.field]
  const { over } = axis.axis
  return Array.isArray(over) ? over.map((range: { field?: unknown } | null) => String(range?.field)) : []
}

/** The sweep of a draft over its axes; the plane that it is looked at in goes with its axes. */
export function sweepOf(
  spec: SpecDraft,
  axes: readonly AxisDraft[],
  fields: readonly Field[],
  { map, ...others }: SweepDraft = {},
): SweepDraft {
  const { name, seeds, ...base } = spec
  const read = axes.map((axis) => readAxis(axis, fields, spec))
  return {
    ...(name === undefined ? {} : { name }),
    base,
    axes: read,
    ...(seeds === undefined ? {} : { seeds }),
    ...(isPlaneOf(axes, map) ? { map } : {}),
    ...others,
  }
}

function isPlaneOf(axes: readonly AxisDraft[], map: unknown): boolean {
  const { x, y } = (map ?? {}) as { x?: unknown; y?: unknown }
  const swept: readonly unknown[] = axes.flatMap(fieldsOfAxis)
  return swept.includes(x) && swept.includes(y)
}

/** A sweep as a draft: its base, its axes, and what it says besides, such as its map. */
export interface DraftedSweep {
  spec: SpecDraft
  axes: readonly AxisDraft[]
  besides?: SweepDraft
}

/** What a file of a sweep is as a draft; null where it is of no sweep. */
export function draftOfSweep(given: SpecDraft): DraftedSweep | null {
  const { base, axes, name, seeds = 1, ...besides } = given
  if (!isRecord(base) || !Array.isArray(axes) || axes.length === 0 || !axes.every(isRecord)) return null
  const isCount = Number.isInteger(seeds) && Number(seeds) > 0 && Number(seeds) <= limits.seeds.max
  const list = isCount ? Array.from({ length: Number(seeds) }, (_, seed) => seed) : seeds
  const spec: SpecDraft = { ...(name === undefined ? {} : { name }), ...base, seeds: list }
  // The fields of the axes may be left out of the base; there they have the values of the first cell.
  const missing = (cellsOf(given)?.[0] ?? []).filter(({ path }) => valueAt(spec, path) === undefined)
  return {
    spec: changed(spec, fittingChanges(missing, spec)),
    axes: axes.map(draftOfAxis),
    besides,
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the cells of a sweep set; undefined where it is not right yet. */
function cellsOf(sweep: SweepDraft): readonly (readonly Change[])[] | undefined {
  return tryStep(
    () => changesOfCells(parseSweep(sweep)),
    () => undefined,
  )
}
