import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { dynamicsSection } from './dynamicsFields.ts'
import type { Field, Section, StepId } from './field.ts'
import { networkSection } from './networkFields.ts'
import { recordSection } from './recordFields.ts'
import type { SpecDraft } from './specPaths.ts'
import { taskSection } from './taskFields.ts'

export const seedsField: Field = {
  path: 'seeds',
  label: 'Seeds',
  kind: 'list',
  allowed: 'Whole numbers, each once; 0–4 for five.',
  fallback: '0',
  help: 'One run for each: its split and its start are drawn by it.',
}

const seedsSection: Section = {
  step: 'seeds',
  title: 'Seeds and sweeps',
  text: 'Several seeds, or several values of one field, make a group of runs that are compared together.',
  fields: [seedsField],
}

const sections: readonly Section[] = [taskSection, networkSection, dynamicsSection, recordSection, seedsSection]

/** The sections of a step with the fields that the draft has use for. */
export function shownSections(step: StepId, draft: SpecDraft): Section[] {
  return sections
    .filter((section) => section.step === step)
    .map((section) => ({ ...section, fields: section.fields.filter(({ shown }) => shown?.(draft) ?? true) }))
    .filter(({ fields }) => fields.length > 0)
}

/** Fields of the draft that hold one number, each of which a sweep can vary. */
export function sweepableFields(draft: SpecDraft): Field[] {
  return sections
    .flatMap(({ fields }) => fields)
    .filter(({ kind, shown }) => kind === 'number' && (shown?.(draft) ?? true))
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
  const places = sections.flatMap((section) =>
    section.fields.filter(({ shown }) => shown?.(draft) ?? true).map(({ path }) => ({ path, step: section.step })),
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

/** A problem's message without the path that it begins with, since it stands beside the field. */
export function problemText({ path, message }: SpecificationProblem): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
}
