import type { StudyKind, StudySpec } from '../../../shared/studies/studies.ts'
import { multiScaleFeatures } from './multiScaleFeatures.ts'
import type { Study } from './study.ts'

/** The other half of every kind of study. */
const studies: { [Kind in StudyKind]: Study<Extract<StudySpec, { kind: Kind }>> } = { multiScaleFeatures }

/** The computation of a study, whatever kind it is. */
export function studyOf({ kind }: StudySpec): Study<StudySpec> {
  return studies[kind] as Study<StudySpec>
}
