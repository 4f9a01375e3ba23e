import { z } from 'zod'
import type { MeasurementName } from '../measurements.ts'
import { words } from '../specification/words.ts'
import { multiScaleFeatures, multiScaleFeaturesSchema } from './multiScaleFeatures.ts'
import type { StudyDescription } from './study.ts'

const kinds = [multiScaleFeaturesSchema] as const

export type StudySpec = z.output<(typeof kinds)[number]>
export type StudyKind = StudySpec['kind']

/** Every kind of study: a kind is added here, with its measurements in `measurements.ts`, and in `lab/studies`. */
export const studies: {
  [Kind in StudyKind]: StudyDescription<Extract<StudySpec, { kind: Kind }>, MeasurementName>
} = { multiScaleFeatures }

export const studyKinds = Object.keys(studies) as StudyKind[]

export const studySchema = z.discriminatedUnion('kind', kinds).register(words, {
  label: 'study',
  help: 'What is computed along a clock of its own, instead of a task, a network and its dynamics.',
  choices: Object.fromEntries(studyKinds.map((kind) => [kind, studies[kind].label])),
  filter: ['study'],
})

/** What may be asked of a study, whatever kind it is. */
export function describeStudy(study: Pick<StudySpec, 'kind'>): StudyDescription<StudySpec, MeasurementName> {
  return studies[study.kind] as StudyDescription<StudySpec, MeasurementName>
}

/** All that a study measures: first what each of its panels is about, then what that is held against. */
export function measurementsOf({
  panels,
}: Pick<StudyDescription<StudySpec, MeasurementName>, 'panels'>): readonly MeasurementName[] {
  const names = panels.map(({ curves }) => curves.map(({ measurement }) => measurement))
  return [...names.map(([first]) => first!), ...names.flatMap(([, ...others]) => others)]
}

/** A study by the scalars of its run; null for what is no study, and for a kind of a newer version. */
export function studyOfFacets(
  facets: Readonly<Record<string, unknown>>,
): StudyDescription<StudySpec, MeasurementName> | null {
  const kind = facets['study.kind']
  return typeof kind === 'string' && Object.hasOwn(studies, kind) ? describeStudy({ kind: kind as StudyKind }) : null
}
