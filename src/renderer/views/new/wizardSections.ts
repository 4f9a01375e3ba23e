import { saysStudy } from '../../../shared/parseExperiment.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import type { Field } from './field.ts'
import type { SpecDraft } from '../../../shared/specification/paths.ts'
import { entriesOf, entryLines } from './interventionEntries.ts'
import { wizardFields } from './wizardFields.ts'

const composedSteps = ['task', 'network', 'interventions', 'record', 'seeds', 'review'] as const
const studiedSteps = ['study', 'record', 'seeds', 'review'] as const
export type StepId = (typeof composedSteps)[number] | (typeof studiedSteps)[number]

/** What is set up in turn: of a study neither a network nor interventions. */
export function stepsOfDraft(draft: SpecDraft): readonly StepId[] {
  return saysStudy(draft) ? studiedSteps : composedSteps
}

export interface Section {
  step: StepId
  title: string
  text: string
  fields: readonly Field[]
}

const sections: readonly Section[] = [
  {
    step: 'task',
    title: 'Task',
    text: 'What is to be learned, and how much of it is shown.',
    fields: splitLast(fieldsOf('name', 'task')),
  },
  {
    step: 'study',
    title: 'Study',
    text: 'What is computed along a clock of its own, at places from the first to the last.',
    fields: fieldsOf('name', 'study'),
  },
  {
    step: 'network',
    title: 'Network',
    text: 'Two layers, $Ŷ$ = σ($XE$)$W$; with biases, $Ŷ$ = σ($XE$ + $b$)$W$ + $c$.',
    fields: fieldsOf('network', 'initialization', 'precision'),
  },
  {
    step: 'network',
    title: 'Dynamics',
    text: 'What moves the weights, on the decay clock τ that all of them share.',
    fields: fieldsOf('dynamics', 'stop'),
  },
  {
    step: 'interventions',
    title: 'Interventions',
    text: 'What is done to the run from outside, each before its step is measured; those of the same step are applied in the order listed.',
    fields: [],
  },
  {
    step: 'record',
    title: 'Recording',
    text: 'What is kept of the run. Everything measured stays; snapshots are what the pictures and branches start from.',
    fields: fieldsOf('record'),
  },
  {
    step: 'seeds',
    title: 'Seeds and sweeps',
    text: 'Several seeds make a group of runs that are compared together; axes make a sweep of such groups.',
    fields: fieldsOf('seeds'),
  },
]

/** Of the parts of a specification, in its order. */
function fieldsOf(...parts: string[]): Field[] {
  return wizardFields.filter(({ path }) => parts.includes(path.split('.')[0]!))
}

/** What there is to learn from stands before how it is shared out: of data from a file, the file. */
function splitLast(fields: readonly Field[]): Field[] {
  const isOfSplit = ({ path }: Field) => /^task\.(trainFraction|split)\b/.test(path)
  return [...fields.filter((field) => !isOfSplit(field)), ...fields.filter(isOfSplit)]
}

function sectionsOf(draft: SpecDraft): Section[] {
  const steps = stepsOfDraft(draft)
  return sections.filter(({ step }) => steps.includes(step))
}

/** The sections of a step with the fields that the draft has use for. */
export function shownSections(step: StepId, draft: SpecDraft): Section[] {
  return sections
    .filter((section) => section.step === step)
    .map((section) => ({ ...section, fields: section.fields.filter(({ shown }) => shown(draft)) }))
    .filter(({ step: of, fields }) => of === 'interventions' || fields.length > 0)
}

export interface PlacedProblems {
  /** By the path of the field they are shown at. */
  byField: ReadonlyMap<string, SpecificationProblem[]>
  byStep: ReadonlyMap<StepId, SpecificationProblem[]>
  /** Those that no field shows; the JSON does. */
  elsewhere: SpecificationProblem[]
}

/** Puts each problem at the shown field whose path is its own, or else at the nearest one above it. */
export function placeProblems(problems: readonly SpecificationProblem[], draft: SpecDraft): PlacedProblems {
  const entries = entriesOf(draft).map((_, place) => ({ step: 'interventions' as const, fields: entryLines(place) }))
  const places = [...sectionsOf(draft), ...entries].flatMap((section) =>
    section.fields.filter(({ shown }) => shown(draft)).map(({ path }) => ({ path, step: section.step })),
  )
  const byField = new Map<string, SpecificationProblem[]>()
  const byStep = new Map<StepId, SpecificationProblem[]>()
  const elsewhere: SpecificationProblem[] = []
  for (const problem of problems) {
    const place = places
      .filter(({ path }) => problem.path === path || problem.path.startsWith(`${path}.`))
      .reduce<(typeof places)[number] | null>((a, b) => (a && a.path.length >= b.path.length ? a : b), null)
    if (!place) {
      elsewhere.push(problem)
      continue
    }
    byField.set(place.path, [...(byField.get(place.path) ?? []), problem])
    byStep.set(place.step, [...(byStep.get(place.step) ?? []), problem])
  }
  return { byField, byStep, elsewhere }
}

/**
 * A problem's message without the path of the field that it stands beside: of one below that field, the rest of its path stays, and
 * an entry of a list, which is typed in one field, is called by the name of the list.
 */
export function problemText({ path, message }: SpecificationProblem, beside = path): string {
  if (!message.startsWith(`${path}: `)) return message
  const words = message.slice(path.length + 2)
  if (path === beside) return words
  const rest = path.slice(beside.length + 1)
  return `${/^\d+$/.test(rest) ? beside.split('.').at(-1)! : rest}: ${words}`
}
