import type { Measurements } from '../../shared/run.ts'
import type { Matrix } from './backend/backend.ts'
import type { ChatteringRecord } from './chatteringRecord.ts'
import type { EventDetector } from './eventDetector.ts'
import type { Evolution } from './evolutions/evolution.ts'
import type { GeometryRecord } from './geometryRecord.ts'
import type { Interventions } from './interventions/interventions.ts'

/** What a run moves, measures and saves. */
export interface RunSubject {
  /** Indices of the training pairs. */
  readonly train: Int32Array
  /** The parameters by their names; of a toy model E alone, one row of weights; of a study its arrays. */
  readonly parameters: Record<string, Matrix>
  readonly evolution: Evolution
  readonly interventions: Pick<Interventions, 'steps' | 'apply' | 'scalars' | 'restore'>
  /** Present where the specification asks for it. */
  readonly geometry?: GeometryRecord
  readonly chattering?: ChatteringRecord
  readonly detector: EventDetector
  /** Training accuracy of the best single answer to all pairs; NaN for a task without classes. */
  readonly guessAccuracy: number
  /** What is measured whatever the dynamics. */
  evaluate(): Measurements
}
