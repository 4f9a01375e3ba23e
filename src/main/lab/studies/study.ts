import type { Measurements } from '../../../shared/run.ts'

/** What a study comes to at one place of its clock. */
export interface StudyPlace {
  values: Measurements
  /** Row-major, of the shapes that its description says. */
  arrays: Readonly<Record<string, Float64Array>>
}

/**
 * The places of a study in their order, from one of them on to the last. What a place comes to depends on the study, the seed
 * and the place alone, so that a study is resumed anywhere with the same bits. Throws a `LabError` where it fails.
 */
export type Study<Spec> = (spec: Spec, seed: number, from: number) => Generator<StudyPlace>
