import { z } from 'zod'
import { integratorKinds } from '../dynamics/integrators.ts'
import type { LinePanel } from '../panel.ts'
import type { FigureDescription, FigureResult } from '../papers/figure.ts'
import type { FigureId } from '../papers/papers.ts'
import type { Submission } from './experiments.ts'
import { backend, computation, figure, runIds, watch } from './inputs.ts'

/** In place of the paper's own. */
const integrator = z.enum(integratorKinds).optional()

/** Of papers’ figures. */
export const paperRequests = {
  'paper.list': z.strictObject({ measure: z.boolean().optional() }),
  'paper.run': z.strictObject({
    figure,
    integrator,
    /** Whether experiments whose runs are all finished are passed over. */
    missingOnly: z.boolean().default(false),
    /** What computes the runs that begin; without it, what the host chooses. */
    backend,
    watch,
  }),
  /** Of its newest runs, or of those that are named. */
  'paper.show': z.strictObject({ figure, runIds: runIds.optional(), integrator }),
  /** The panels of a figure that follow its sliders, at values that are not the paper's. */
  'paper.explore': z.strictObject({
    figure,
    setting: z.record(z.string().min(1).max(60), z.number()),
    /** With it the runs are simulated too, in a process of its own, which can be ended; else it is theory alone. */
    computation: computation.optional(),
  }),
} as const

/** What the runs of a figure take. */
export interface FigureCost {
  /** In the order in which they begin: so many of these seconds each, of one slot; null where one of them is not yet measured. */
  runs: { seconds: number; count: number }[] | null
}

/** A figure's card: its description, and what its newest runs have come to. */
export interface FigureCard extends FigureDescription {
  runIds: string[]
  state: 'notRun' | 'running' | 'ready'
  estimate: FigureCost | null
  result: FigureResult | null
}

export interface PaperResponses {
  'paper.list': FigureCard[]
  /** What is computed now, and runs of experiments that were passed over. */
  'paper.run': { begun: Submission[]; finished: string[] }
  'paper.show': FigureResult
  'paper.explore': LinePanel[]
}

export interface PaperEvents {
  'paper.changed': { figure: FigureId }
}
