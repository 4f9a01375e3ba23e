import type { MapPlane } from '../map/mapOptions.ts'
import { z } from 'zod'
import { countThings } from '../formatting/countThings.ts'
import { limits } from '../specification/limits.ts'
import { isQuantityName, quantityNames } from '../map/mapQuantity.ts'
import { didYouMean, nearestNames } from '../nearestNames.ts'
import { plainText } from '../plainText.ts'
import { findRunColumn } from '../query/runColumns.ts'
import { specificationFields } from '../specification/fields.ts'
import type { Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'

/** What one sweep may hold; more is sampled instead. */
export const maxSweepRuns = 100_000

const field = z
  .string()
  .max(200)
  .superRefine((path, context) => {
    const message = fieldProblem(path)
    if (message) context.addIssue({ code: 'custom', message })
  })
  .register(words, { label: 'field', help: 'The path of a field of the base, as `--set` takes it.' })

const values = z.array(z.unknown()).min(1, 'at least one value').max(maxSweepRuns).register(words, {
  label: 'values',
  help: 'What the field is in cell after cell; of several fields a list for each step.',
})
const count = z
  .int('expected a whole number')
  .min(1)
  .max(maxSweepRuns)
  .register(words, { label: 'count', help: 'How many values, both ends among them.', example: 4 })

const range = {
  field,
  from: z.number().register(words, { label: 'from', help: 'The first value of a range.' }),
  to: z.number().register(words, { label: 'to', help: 'Its last value.' }),
  scale: z
    .enum(['linear', 'log'])
    .register(words, { label: 'scale', help: 'Equal steps, or equal ratios.' })
    .default('linear'),
  whole: z
    .boolean()
    .register(words, { label: 'whole', help: 'Rounded to whole numbers, each of which is taken once.' })
    .default(false),
}

/** One field, or several that change together, and what stands there from cell to cell. */
const axisKinds = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('values'), field, values }),
    z.strictObject({ kind: z.literal('range'), ...range, count }),
    z.strictObject({
      kind: z.literal('paired'),
      fields: z
        .array(field)
        .min(1)
        .max(20)
        .register(words, { label: 'fields', help: 'Several fields that change together, step by step.' }),
      values: z.array(z.array(z.unknown())).min(1).max(maxSweepRuns).register(words, words.get(values)!),
    }),
    z.strictObject({
      kind: z.literal('sample'),
      sample: z.enum(['sobol', 'random']).register(words, {
        label: 'sample',
        help: 'Points within ranges instead of a grid: of a Sobol sequence, or drawn at random, the same each time.',
      }),
      count,
      over: z
        .array(z.strictObject(range))
        .min(1)
        .max(10)
        .register(words, { label: 'over', help: 'The ranges in which the points lie.' }),
    }),
  ])
  .register(words, { label: 'axis', help: 'One field, or several that change together.' })

export type SweepAxis = z.output<typeof axisKinds>
export type SweepRange = Extract<SweepAxis, { kind: 'sample' }>['over'][number]

/** Which of them an axis is, its fields say. */
const axis = z.preprocess(
  (given) => (typeof given === 'object' && given !== null ? { ...given, kind: kindOf(given) } : given),
  axisKinds.superRefine(addProblems(axisProblems)),
)

const seedList = z
  .array(z.int().min(limits.seed.min).max(limits.seed.max))
  .min(1)
  .max(limits.seeds.max)
  .refine((list) => new Set(list).size === list.length, 'each seed may appear only once')

/** A sweep: every combination of the values of its axes is a cell, and every cell has one run for each seed. */
const sweepFields = z.strictObject({
  name: plainText(z.string().min(1).max(200))
    .register(words, { label: 'name', help: 'What the runs are called and grouped by.' })
    .default('untitled'),
  base: z
    .record(z.string(), z.unknown())
    .refine((base) => !('seeds' in base), 'its "seeds" are not allowed: they stand beside "base", for every cell')
    .register(words, {
      label: 'base',
      help: 'An experiment without name and seeds, in which each cell sets its fields.',
    }),
  axes: z.array(axis).min(1).max(20).register(words, { label: 'axes', help: 'The last one changes fastest.' }),
  seeds: z
    .union([z.int('expected a whole number').min(1).max(limits.seeds.max), seedList])
    .register(words, { label: 'seeds', help: 'How many (0, 1, …) or which; every cell has one run for each.' })
    .default(1),
  map: z
    .strictObject({
      x: field,
      y: field,
      color: z
        .string()
        .refine(isColor, {
          error: `no number of a run is called so; there are ${quantityNames.slice(0, 12).join(', ')} …, and phase`,
        })
        .register(words, {
          label: 'color',
          help: 'What cells are colored by: a value of each run, such as t_grok, delay or testAccuracy, or phase.',
        }),
    })
    .register(words, { label: 'map', help: 'The plane in which the sweep is looked at.' })
    .optional(),
  starts: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits of a SHA-256'))
    .register(words, {
      label: 'starts',
      help: 'The SHA-256 of the arrays of each file that runs start from, by its path; filled in when the sweep is planned.',
      isFound: true,
    })
    .optional(),
})

/** What a map can be colored by; numbers that lists alone show are in sweeps of earlier versions. */
function isColor(name: string): boolean {
  return name === 'phase' || isQuantityName(name) || findRunColumn(name)?.numeric === true
}

export type SweepSpec = z.output<typeof sweepFields>

export const sweepSchema = sweepFields.superRefine(addProblems(sweepProblems))

/** Reports what fields that are right alone are wrong in beside each other. */
function addProblems<Value>(problemsOf: (value: Value) => Problem[]) {
  return (value: Value, context: z.core.$RefinementCtx<Value>) => {
    if (context.issues.length > 0) return
    for (const { path, value: input, message } of problemsOf(value)) {
      context.addIssue({ code: 'custom', path, input, message, params: { value: input } })
    }
  }
}

/** A sweep as a plane of its runs, or several. */
export function planeOf({ axes, map }: Pick<SweepSpec, 'axes' | 'map'>): MapPlane {
  return { fields: axes.flatMap(fieldsOf), map }
}

/** The fields that an axis sets. */
export function fieldsOf(axis: SweepAxis): string[] {
  if (axis.kind === 'paired') return axis.fields
  return axis.kind === 'sample' ? axis.over.map((range) => range.field) : [axis.field]
}

/** Where an axis says a field of those. */
function placeOfField({ kind }: SweepAxis, part: number): (string | number)[] {
  if (kind === 'paired') return ['fields', part]
  return kind === 'sample' ? ['over', part, 'field'] : ['field']
}

/** How many values an axis has, as asked for: whole numbers that coincide are fewer. */
export function lengthOf(axis: SweepAxis): number {
  return 'count' in axis ? axis.count : axis.values.length
}

export function seedsOf({ seeds }: SweepSpec): number[] {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, seed) => seed) : seeds
}

function kindOf(axis: object): SweepAxis['kind'] {
  if ('sample' in axis) return 'sample'
  if ('fields' in axis) return 'paired'
  return 'values' in axis ? 'values' : 'range'
}

function fieldProblem(path: string): string | undefined {
  if (path === 'seeds' || path === 'seed') return 'seeds are no axis: every cell has one run for each of "seeds"'
  if (path === 'name') return 'the runs of a sweep are called by its own name'
  const declared = path.replaceAll(/\.(0|[1-9]\d{0,2})(?=\.|$)/g, '[]')
  const isKnown = specificationFields.some(
    (known) => known.path === declared || known.path.startsWith(`${declared}.`) || known.path === `${declared}[]`,
  )
  if (isKnown) return undefined
  const near = nearestNames(
    path,
    specificationFields.map((known) => known.path),
  )
  return `there is no such field${near.length > 0 ? didYouMean(near) : '; `grokscope schema --table` lists them'}`
}

function axisProblems(axis: SweepAxis): Problem[] {
  switch (axis.kind) {
    case 'values':
      return repeatedValues(axis.values)
    case 'range':
      return rangeProblems(axis, axis.count)
    case 'paired':
      return [
        ...axis.values.flatMap((row, place) => {
          if (row.length === axis.fields.length) return []
          const message = `has ${countThings(row.length, 'value')}; one for each of the ${axis.fields.length} fields is needed`
          return [{ path: ['values', place], value: row, message }]
        }),
        ...repeatedValues(axis.values),
      ]
    case 'sample':
      return axis.over.flatMap((range, place) =>
        rangeProblems(range, Infinity).map((problem) => ({ ...problem, path: ['over', place, ...problem.path] })),
      )
  }
}

function rangeProblems({ from, to, scale }: SweepRange, length: number): Problem[] {
  if (from === to && length > 1) {
    return [{ path: ['to'], value: to, message: 'the range is empty: it ends where it begins' }]
  }
  if (length === 1 && from !== to) {
    return [{ path: ['count'], value: 1, message: 'both ends of a range are values of it: at least 2' }]
  }
  return scale === 'log'
    ? Object.entries({ from, to }).flatMap(([end, value]) =>
        value > 0 ? [] : [{ path: [end], value, message: 'a log range lies above 0: its steps are equal ratios' }],
      )
    : []
}

function repeatedValues(all: readonly unknown[]): Problem[] {
  const places = new Map<string, number>()
  return all.flatMap((value, place) => {
    const text = JSON.stringify(value)
    const first = places.get(text)
    if (first !== undefined) return [{ path: ['values', place], value, message: `stands at ${first} already` }]
    places.set(text, place)
    return []
  })
}

function sweepProblems(sweep: SweepSpec): Problem[] {
  const { axes, map, base } = sweep
  const problems: Problem[] = []
  const swept: { field: string; axis: number }[] = []
  axes.forEach((axis, place) => {
    for (const [part, field] of fieldsOf(axis).entries()) {
      const before = swept.find((other) => isWithin(field, other.field) || isWithin(other.field, field))
      if (before) {
        const message =
          before.field === field
            ? `is set by axes.${before.axis} already`
            : `overlaps ${before.field} of axes.${before.axis}`
        problems.push({ path: ['axes', place, ...placeOfField(axis, part)], value: field, message })
      }
      swept.push({ field, axis: place })
    }
  })
  for (const [side, field] of map ? Object.entries({ x: map.x, y: map.y }) : []) {
    if (swept.some((other) => other.field === field)) continue
    const fields = swept.map((other) => other.field).join(', ')
    problems.push({ path: ['map', side], value: field, message: `no axis sets it; one of ${fields}` })
  }
  if ('name' in base) {
    problems.push({ path: ['base', 'name'], value: base['name'], message: 'the name is the sweep’s own' })
  }
  const lengths = axes.map(lengthOf)
  const seeds = seedsOf(sweep).length
  const runs = lengths.reduce((product, length) => product * length, seeds)
  if (runs > maxSweepRuns) {
    const factors = axes.map((axis, place) => `${fieldsOf(axis).join(' with ')} ${lengths[place]}`)
    const product = [...factors, countThings(seeds, 'seed')].join(' × ')
    const message = `${product} = ${runs} runs; at most ${maxSweepRuns}: sample a part of them ("sample": "sobol")`
    problems.push({ path: ['axes'], value: lengths, message })
  }
  return problems
}

/** Whether a field is another, or a part of it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}
