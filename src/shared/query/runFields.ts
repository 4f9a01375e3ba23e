import { choiceWords } from '../formatting/choiceWords.ts'
import { renamed } from '../formerNames.ts'
import { measurements, summarizedNames, type MeasurementDescription } from '../measurements.ts'
import { figureIds, presentFigure } from '../papers/papers.ts'
import { runStatuses, type RunSummary } from '../run.ts'
import { readRunValue, type RunColumnName, type RunValue } from './runValues.ts'
import { facetFields, type FacetPath } from '../specification/facets.ts'
import type { SpecificationField } from '../specification/fields.ts'

/** `share` is written in parts of 1 or in percent, `duration` in seconds, `date` in milliseconds since 1970. */
export type NumericKind = 'number' | 'share' | 'duration' | 'date'

interface Described {
  /** The first is the one that is shown; the others are understood as well. */
  names: readonly [string, ...string[]]
  help: string
  /** The only values there can be; of a numeric field what can stand in the place of a number. */
  words?: readonly string[]
  /** What its values are called, where they do not say it themselves. */
  labels?: Readonly<Record<string, string>>
}

export interface NumericField extends Described {
  kind: NumericKind
  value: RunValue
}

/** A `text` is searched for what it contains, a `word` is compared whole. */
export interface TextField extends Described {
  kind: 'text' | 'word'
  value: TextValue
  /** The value of today that one of this or an older version means. */
  present?: (value: string) => string
}

export type TextValue =
  /** Any of which may be meant. */
  | { in: 'any'; of: readonly RunValue[] }
  | { in: 'tags' }
  /** Those words whose value a run has. */
  | { in: 'properties'; of: Readonly<Record<string, RunValue>> }

export type RunField = NumericField | TextField

const column = (name: RunColumnName): RunValue => ({ in: 'run', column: name })
const facet = (path: FacetPath): RunValue => ({ in: 'facets', path })
const event = (name: (RunValue & { in: 'events' })['name'], at: 'step' | 'tau'): RunValue => ({
  in: 'events',
  name,
  at,
})
const number = (names: Described['names'], help: string, value: RunValue, kind: NumericKind = 'number'): RunField => ({
  names,
  help,
  kind,
  value,
})
const word = (
  names: Described['names'],
  help: string,
  value: RunValue | TextValue,
  words?: readonly string[],
  present?: (value: string) => string,
): RunField => ({
  names,
  help,
  kind: 'word',
  value: textValue(value),
  ...(words && { words }),
  ...(present && { present }),
})
const text = (names: Described['names'], help: string, ...of: RunValue[]): RunField => ({
  names,
  help,
  kind: 'text',
  value: { in: 'any', of },
})

const properties: Readonly<Record<string, RunValue>> = {
  setAside: column('archivedAt'),
  binned: column('binnedAt'),
  branched: column('parentRunId'),
  stalled: event('stalled', 'step'),
  flagged: event('localErrorExceeded', 'step'),
}

const named = facetFields.filter(({ words }) => words.filter)

/** Everything a filter can ask of a run, in the order in which it is offered. */
export const runFields: readonly RunField[] = [
  text(['name'], 'name of the run or its experiment', column('name'), column('experiment')),
  word(['tag'], 'one of its tags', { in: 'tags' }),
  word(['status'], 'what it is doing, or how it ended', column('status'), runStatuses),
  ...named.map(facetField),
  number(['n', 'trainPairs'], 'training pairs', column('trainPairs')),
  number(['seed'], 'seed', column('seed')),
  number(['eta', 'η'], 'step size or learning rate', {
    in: 'either',
    of: [facet('dynamics.integrator.stepSize'), facet('dynamics.learningRate')],
  }),
  word(['figure'], 'figure of a paper', column('figure'), figureIds, presentFigure),
  number(['step'], 'steps done', column('step')),
  number(['tau', 'τ'], 'decay time reached', column('tau')),
  number(['t_memorize'], 'step of memorization', event('memorized', 'step')),
  number(['t_grok', 't_generalize'], 'step of generalization', event('generalized', 'step')),
  number(['t_half'], 'step of the half rise', event('halfRise', 'step')),
  number(['t_stalled'], 'step of a dead end', event('stalled', 'step')),
  number(['t_chattering'], 'step from which pre-activations chatter', event('chattering', 'step')),
  number(['delay'], 'steps from memorization to generalization', {
    in: 'difference',
    of: event('generalized', 'step'),
    less: event('memorized', 'step'),
  }),
  number(['tau_memorize'], 'decay time of memorization', event('memorized', 'tau')),
  number(['tau_grok', 'tau_generalize'], 'decay time of generalization', event('generalized', 'tau')),
  number(['tau_half'], 'decay time of the half rise', event('halfRise', 'tau')),
  number(['tau_delay'], 'decay time from memorization to generalization', {
    in: 'difference',
    of: event('generalized', 'tau'),
    less: event('memorized', 'tau'),
  }),
  ...summarizedNames.map((name) => {
    const { label, range, filter = [] }: MeasurementDescription = measurements[name]
    const kind = isShare(range?.[0], range?.[1]) ? 'share' : 'number'
    return number(namesOf(filter, name), `latest ${label}`, { in: 'latest', name }, kind)
  }),
  number(['localError'], 'largest local error of a fixed step', column('largestLocalError')),
  number(['time', 'seconds'], 'time spent computing', column('seconds'), 'duration'),
  number(['age'], 'time since it was made', { in: 'age' }, 'duration'),
  number(['created'], 'day it was made', column('createdAt'), 'date'),
  number(['started'], 'day it started', column('startedAt'), 'date'),
  number(['ended'], 'day it ended', column('finishedAt'), 'date'),
  word(
    ['is'],
    'set aside, binned, branched, stalled, or flagged for its local error',
    { in: 'properties', of: properties },
    Object.keys(properties),
    (property) => (property === 'archived' ? 'setAside' : property),
  ),
  word(['code'], 'why it failed', column('code')),
  text(['message'], 'what it said when it ended', column('message')),
  word(['id'], 'id of the run', column('id')),
  word(['parent'], 'id of the run it branched from; its steps, τ and events count from there', column('parentRunId')),
  ...facetFields.filter((field) => !named.includes(field)).map(facetField),
]

const fieldsByName = new Map(
  runFields.flatMap((field) => field.names.flatMap(withFormer).map((name) => [name.toLowerCase(), field])),
)

export function findRunField(name: string): RunField | undefined {
  return fieldsByName.get(name.toLowerCase())
}

/** A name, and those that older versions had for it. */
function withFormer(name: string): string[] {
  const formers = renamed.flatMap(([former, present]) => {
    const parts = name.split('.')
    return parts.includes(present) ? [parts.map((part) => (part === present ? former : part)).join('.')] : []
  })
  return [name, ...formers]
}

/** A value of a field as it is read: a number as it was given, a choice by its words. */
export function runValueWords({ labels }: Pick<RunField, 'labels'>, value: number | string): string {
  return choiceWords(value, labels)
}

/** What a run has of a field; `null` where it has nothing. */
export function readRunField({ value }: RunField, run: RunSummary, now?: number): (number | string | null)[] {
  switch (value.in) {
    case 'any':
      return value.of.map((each) => readRunValue(each, run, now))
    case 'tags':
      return run.tags.length > 0 ? run.tags : [null]
    case 'properties': {
      const found = Object.entries(value.of).filter(([, each]) => readRunValue(each, run, now) !== null)
      return found.length > 0 ? found.map(([name]) => name) : [null]
    }
    default:
      return [readRunValue(value, run, now)]
  }
}

export function isTextField(field: RunField): field is TextField {
  return field.kind === 'text' || field.kind === 'word'
}

/** A field of a specification, which goes by its path as well. */
function facetField({
  path,
  words: { label, filter, choices: labels },
  type,
  choices,
  bounds,
}: SpecificationField): RunField {
  const names = namesOf(filter ?? [], path)
  const value = facet(path as FacetPath)
  const words = { ...(choices.length > 0 && { words: choices }), ...(labels && { labels }) }
  switch (type) {
    case 'number':
    case 'wholeNumber':
    case 'list':
      return {
        names,
        help: label,
        kind: isShare(bounds.min ?? bounds.above, bounds.max ?? bounds.below) ? 'share' : 'number',
        value,
        ...words,
      }
    case 'text':
      return text(names, label, value)
    case 'switch':
      return { names, help: label, kind: 'word', value: textValue(value), words: ['true', 'false'] }
    default:
      return { names, help: label, kind: 'word', value: textValue(value), ...words }
  }
}

function namesOf(others: readonly string[], own: string): Described['names'] {
  const [first, ...rest] = others
  return first === undefined ? [own] : [first, ...rest, own]
}

function isShare(min: number | undefined, max: number | undefined): boolean {
  return min !== undefined && max !== undefined && min >= 0 && max <= 1
}

function textValue(value: RunValue | TextValue): TextValue {
  return value.in === 'any' || value.in === 'tags' || value.in === 'properties' ? value : { in: 'any', of: [value] }
}
