import type { LocationQuery } from 'vue-router'
import { livePlaces, type LivePlace } from '../../../../shared/contract/liveMaps.ts'
import { findField, specificationFields, type SpecificationField } from '../../../../shared/specification/fields.ts'
import { hasField } from '../../../../shared/specification/hasField.ts'
import { kindAt } from '../../../../shared/specification/kindAt.ts'
import { fittingChanges } from '../../../../shared/specification/fittingChanges.ts'
import { changed, valueAt, type SpecDraft } from '../../../../shared/specification/paths.ts'
import { tryStep } from '../../../../shared/tryStep.ts'
import { sweepPresets } from '../../../../shared/sweep/presets.ts'
import { usualPaths, usualValues } from '../../../../shared/usualValues.ts'
import { roundDigits } from '../../../../shared/formatting/formatNumber.ts'
import { addressText } from '../../../formatting/addressText.ts'
import { parseEntries, parseEntry, parseValues, writeEntry, writeValues } from '../../../formatting/entries.ts'

/** An axis as it is typed: a range, or a list of values. */
export type LiveAxis =
  | { kind: 'range'; field: string; from: string; to: string; count: string; scale: 'linear' | 'log' }
  | { kind: 'values'; field: string; text: string }

/** A live map as it is set up. */
export interface LiveDraft {
  /** What it was begun from. */
  origin: string
  name: string
  /** The experiment in which every cell sets its two fields; the slider's is one of its own. */
  base: SpecDraft
  x: LiveAxis
  y: LiveAxis
  slider: { field: string; from: string; to: string }
  leastSeeds: string
  /** How many, or which. */
  mostSeeds: string
  /** What computes it; the processor where nothing is said. */
  on?: LivePlace
}

/** A plane to begin with. */
export interface LivePreset {
  name: string
  title: string
  spec: Readonly<Record<string, unknown>>
}

const [decay, share, rate] = ['dynamics.weightDecay', 'task.trainFraction', 'dynamics.learningRate']

/** Small enough to be seen to fill on a few cores. */
const small: LivePreset = {
  name: 'small',
  title: 'Small network: weight decay × training share',
  spec: {
    name: 'live map',
    base: {
      task: { kind: 'modularAddition', modulus: 13, trainFraction: 0.8 },
      network: { hidden: 64 },
      dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 2000 },
      record: { measureEvery: 20 },
      stop: { after: 'generalized', steps: 100 },
    },
    axes: [
      { field: share, from: 0.55, to: 0.95, count: 9 },
      { field: decay, from: 0.03125, to: 32, count: 11, scale: 'log' },
    ],
    seeds: 6,
    map: { x: decay, y: share, color: 'generalizedStep' },
  },
}

export const livePresets: readonly LivePreset[] = [small, ...sweepPresets]

export function draftOfPreset({ name: origin, spec }: LivePreset): LiveDraft {
  const { base, axes, map, seeds } = spec as {
    base: SpecDraft
    axes: Record<string, unknown>[]
    map?: { x: string; y: string }
    seeds?: unknown
  }
  const name = typeof spec['name'] === 'string' ? spec['name'] : 'untitled'
  const own = axes.map((axis) => String(axis['field']))
  const { x, y } = map ?? { x: own[1]!, y: own[0]! }
  const axisOf = (field: string) => draftOfAxis(axes.find((axis) => axis['field'] === field)!)
  const draft = {
    ...{ origin, name, base, x: axisOf(x), y: axisOf(y) },
    ...{ leastSeeds: '1', mostSeeds: writeEntry(seeds ?? 1) },
  }
  const fields = sliderFields(draft).map(({ path }) => path)
  const isSet = (path: string) => fields.includes(path) && Number(valueOf(base, path)) > 0
  const field = [rate, decay, share].find(isSet) ?? fields[0]!
  return { ...draft, slider: newSlider(field, base) }
}

/** What an address says: a sweep with two axes, and what it may leave open; null where there is none, or it is no such plane. */
export function draftInAddress({ spec, from, slider, seeds, on }: LocationQuery): LiveDraft | null {
  const text = addressText(spec)
  if (text === undefined) return null
  const name = addressText(from) ?? ''
  const draft = tryStep(
    () => draftOfPreset({ name, title: '', spec: JSON.parse(text) as LivePreset['spec'] }),
    () => undefined,
  )
  if (!draft) return null
  const [field, low, high] = addressText(slider)?.split(':') ?? []
  const isOffered = sliderFields(draft).some(({ path }) => path === field)
  return {
    ...draft,
    on: livePlaces.find((place) => place === addressText(on)) ?? 'here',
    leastSeeds: addressText(seeds) ?? draft.leastSeeds,
    slider: isOffered && low && high ? { field: field!, from: low, to: high } : draft.slider,
  }
}

/** An address by which it is found again. */
export function addressOfDraft(draft: LiveDraft): Record<'spec' | 'from' | 'slider' | 'seeds' | 'on', string> {
  const { field, from, to } = draft.slider
  return {
    spec: JSON.stringify(sweepOf(draft)),
    from: draft.origin,
    slider: [field, from, to].join(':'),
    seeds: draft.leastSeeds,
    on: draft.on ?? 'here',
  }
}

function draftOfAxis({ field, values, from, to, count, scale }: Record<string, unknown>): LiveAxis {
  if (Array.isArray(values)) return { kind: 'values', field: String(field), text: writeValues(values) }
  const [start, end, length] = [from, to, count].map(writeEntry) as [string, string, string]
  return {
    kind: 'range',
    field: String(field),
    from: start,
    to: end,
    count: length,
    scale: scale === 'log' ? 'log' : 'linear',
  }
}

/** As `liveMap.begin` takes it. A GPU computes in float32, whatever the experiment says. */
export function questionOf(draft: LiveDraft) {
  const { leastSeeds, on = 'here' } = draft
  const spec = sweepOf(draft)
  return {
    spec: on === 'gpu' ? { ...spec, base: { ...spec.base, precision: 'float32' } } : spec,
    leastSeeds: Math.max(1, Math.min(1000, Math.round(Number(parseEntry(leastSeeds)) || 1))),
    on,
  }
}

function sweepOf({ name, base, x, y, mostSeeds }: LiveDraft) {
  const seeds = parseEntries(mostSeeds)
  return {
    ...{ name, base, axes: [readAxis(y), readAxis(x)], seeds: seeds.length === 1 ? seeds[0] : seeds },
    map: { x: x.field, y: y.field, color: 'generalizedStep' },
  }
}

function readAxis(axis: LiveAxis): Record<string, unknown> {
  const { field } = axis
  if (axis.kind === 'values') return { field, values: parseValues(axis.text) }
  const [from, to, count] = [axis.from, axis.to, axis.count].map(parseEntry)
  const whole = findField(field)?.type === 'wholeNumber' ? { whole: true } : {}
  return { field, from, to, count, scale: axis.scale, ...whole }
}

/** Fields of the experiment that an axis may set. */
export function axisFields({ base }: Pick<LiveDraft, 'base'>): SpecificationField[] {
  return specificationFields.filter(
    (field) =>
      ['number', 'wholeNumber', 'choice'].includes(field.type) && !field.path.includes('[]') && hasField(base, field),
  )
}

/** Fields that a slider may set: numbers that are on neither axis. */
export function sliderFields({ base, x, y }: Pick<LiveDraft, 'base' | 'x' | 'y'>): SpecificationField[] {
  return axisFields({ base }).filter(
    ({ path, type }) =>
      type !== 'choice' && path !== x.field && path !== y.field && typeof valueOf(base, path) === 'number',
  )
}

/** What of the experiment can be set beside the plane: what most is asked of, as far as it is there. */
const asked = [
  'task.modulus',
  'network.hidden',
  'network.activation',
  'initialization.scale',
  'dynamics.optimizer.kind',
  'dynamics.loss',
  rate,
  decay,
  share,
  'dynamics.steps',
  'dynamics.decayTime',
]

export function experimentFields({ base, x, y, slider }: LiveDraft): SpecificationField[] {
  const taken = [x.field, y.field, slider.field]
  return asked.flatMap((path) => {
    const field = findField(path)
    const isThere = field && hasField(base, field) && valueOf(base, path) !== undefined
    return isThere && !taken.includes(path) ? [field] : []
  })
}

/** What stands at a field, or holds where it is left out. */
export function valueOf(base: SpecDraft, path: string): unknown {
  if (findField(path)?.type === 'kind') return kindAt(base, path)
  return valueAt(base, path) ?? findField(path)?.fallback
}

export function withField(draft: LiveDraft, path: string, value: unknown): LiveDraft {
  return { ...draft, base: changed(draft.base, fittingChanges([{ path, value }], draft.base)) }
}

/** A choice takes along what is usual with it: values, and what axes and the slider range over. */
export function withChoice(draft: LiveDraft, path: string, value: string): LiveDraft {
  const isKind = findField(path)?.type === 'kind'
  const next = withField(draft, isKind ? path.replace(/\.kind$/, '') : path, value)
  const [before, after] = [usualValues(parsedKinds(draft.base)), usualValues(parsedKinds(next.base))]
  return usualPaths
    .filter((each) => before[each] !== after[each])
    .reduce((moved, each) => {
      const { base, ...rest } = withField(moved, each, after[each])
      const { x, y, slider } = rest
      return {
        ...{ ...rest, base },
        x: x.field === each ? newAxis(each, base) : x,
        y: y.field === each ? newAxis(each, base) : y,
        slider: slider.field === each ? newSlider(each, base) : slider,
      }
    }, next)
}

/** An optimizer may stand there by its name alone. */
function parsedKinds(base: SpecDraft): SpecDraft {
  const kind = kindAt(base, 'dynamics.optimizer.kind')
  return changed(base, [{ path: 'dynamics.optimizer', value: { kind } }])
}

/** An axis over a field: all of its choices, or about the experiment's value. */
export function newAxis(path: string, base: SpecDraft): LiveAxis {
  const field = findField(path)!
  if (field.type === 'choice') return { kind: 'values', field: path, text: field.choices.join(', ') }
  const { from, to, scale } = around(path, base)
  const count = field.type === 'wholeNumber' ? Math.min(9, to - from + 1) : 9
  return { kind: 'range', field: path, from: String(from), to: String(to), count: String(count), scale }
}

export function newSlider(path: string, base: SpecDraft): LiveDraft['slider'] {
  const { from, to } = around(path, base)
  const isZero = valueOf(base, path) === 0
  return { field: path, from: String(isZero ? 0 : from), to: String(to) }
}

/** Shares over most of what they can be, whole numbers to twice the value, others by factors of four and more. */
function around(path: string, base: SpecDraft): { from: number; to: number; scale: 'linear' | 'log' } {
  const { bounds, type } = findField(path)!
  const given = Number(valueOf(base, path))
  const value = Number.isFinite(given) && given > 0 ? given : 1
  const isShare = (bounds.max ?? bounds.below) === 1 && (bounds.min ?? bounds.above) === 0
  if (isShare) return { from: 0.3, to: 0.95, scale: 'linear' }
  if (type === 'wholeNumber')
    return { from: Math.max(1, Math.ceil(value / 2)), to: Math.max(2, 2 * value), scale: 'linear' }
  return { from: roundDigits(value / 8, 3), to: roundDigits(8 * value, 3), scale: 'log' }
}

/** By equal ratios where its ends are far apart, whatever stands at a share. */
export function trackOf({ field, from, to }: LiveDraft['slider']) {
  const [min, max] = [Number(parseEntry(from)), Number(parseEntry(to))]
  if (!(min < max)) return null
  const isWhole = findField(field)?.type === 'wholeNumber'
  return { min, max, scale: min > 0 && max / min >= 8 && !isWhole ? ('log' as const) : ('linear' as const), isWhole }
}

/** Of what was kept by an earlier version or another program. */
export function isLiveDraft(kept: unknown): boolean {
  const { base, x, y, slider, origin } = (kept ?? {}) as Partial<LiveDraft>
  return (
    typeof base === 'object' &&
    [x, y, slider].every((each) => typeof each?.field === 'string') &&
    typeof origin === 'string'
  )
}
