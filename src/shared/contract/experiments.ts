import { z } from 'zod'
import type { CostEstimate } from '../estimate.ts'
import type { ExperimentSpec } from '../experiment.ts'
import { filePath } from '../filePath.ts'
import type { SpecificationProblem } from '../parseInput.ts'
import type { DatasetContent } from '../tasks/dataset.ts'
import { backend, distinct, specification, tag, watch } from './inputs.ts'

/** Specifications in one request. */
export const mostSubmitted = 1000

/** Of specifications, and of what begins by them. */
export const experimentRequests = {
  /** `together`: how many runs start with it, its own among them; its seeds unless told. */
  'experiment.estimate': z.strictObject({ spec: specification, backend, together: z.int().min(1).optional() }),
  /** What a file of data holds. */
  'dataset.describe': z.strictObject({ path: filePath }),
  'experiment.submit': z.strictObject({
    spec: specification,
    tags: distinct(z.array(tag).max(50)).default([]),
    backend,
  }),
  /** Several experiments, all of them or none. */
  'experiment.submitAll': z.strictObject({
    specs: z.array(specification).min(1).max(mostSubmitted),
    /** Where relative paths in them begin. */
    folder: filePath,
    backend,
    watch,
  }),
} as const

export interface Submission {
  experimentId: string
  runIds: string[]
  /** What a person should know of the data or the start that were read from a file. */
  warnings?: string[]
}

export interface Estimation {
  problems: SpecificationProblem[]
  spec: ExperimentSpec | null
  /** Of one run; all runs of the experiment take `wallSeconds` on this machine, null where its speed is not yet measured. */
  estimate: CostEstimate | null
  wallSeconds: number | null
}

export interface ExperimentResponses {
  'experiment.estimate': Estimation
  'dataset.describe': { content: DatasetContent; warnings: string[] }
  'experiment.submit': Submission
  'experiment.submitAll': Submission[]
}
