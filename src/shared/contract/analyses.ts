import { z } from 'zod'
import { analysisKinds, type AnalysisResult } from '../analysis.ts'
import { archive, computation, runId, step } from './inputs.ts'

/** Of what is computed of a snapshot, and of any long computation. */
export const analysisRequests = {
  'analysis.compute': z.strictObject({
    runId,
    step,
    kind: z.enum(analysisKinds),
    options: z.record(z.string(), z.unknown()).default({}),
    archive,
    /** With it in a process of its own, which can be ended. */
    computation: computation.optional(),
  }),
  /** What was asked under this name answers CANCELLED; one that has ended is let pass. */
  'computation.cancel': z.strictObject({ computation }),
} as const

export interface AnalysisResponses {
  'analysis.compute': AnalysisResult
  'computation.cancel': null
}

export interface AnalysisEvents {
  /** How far a long computation is; of how much is null where nobody can say. */
  'computation.progress': { computation: string; done: number; of: number | null }
}
