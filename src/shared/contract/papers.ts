import { z } from 'zod'
import { integratorKinds } from '../dynamics/integrators.ts'
import type { CostEstimate } from '../estimate.ts'
import type { SvgNode } from '../figures/svgNode.ts'
import type { LinePanel } from '../panel.ts'
import type { FigureDescription, FigureResult } from '../papers/figure.ts'
import type { FigureId } from '../papers/papers.ts'
import type { FileData } from './archives.ts'
import type { Submission } from './experiments.ts'
import { backend, computation, figure, runIds, specification, watch } from './inputs.ts'

/** What a figure is drawn of. */
const drawingTags = [
  'svg',
  'g',
  'path',
  'line',
  'rect',
  'circle',
  'text',
  'tspan',
  'image',
  'clipPath',
  'linearGradient',
  'stop',
] as const
const drawingNode: z.ZodType<SvgNode, SvgNode> = z.lazy(() =>
  z.union([
    z.string().max(5000),
    z.strictObject({
      tag: z.enum(drawingTags),
      attributes: z.record(z.string().max(40), z.union([z.string().max(20_000_000), z.number()])),
      children: z.array(drawingNode),
    }),
  ]),
)
/** Points of a page: PDF allows no more. */
const pageLength = z.number().min(1).max(14_400)
const drawing = z.strictObject({ root: drawingNode, width: pageLength, height: pageLength })
/** In place of the paper's own. */
const integrator = z.enum(integratorKinds).optional()

/** Of papers’ figures, and of figures as files. */
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
  'figure.pdf': z.strictObject({ name: z.string().max(1000), drawing }),
  /** As SVG, its words as outlines of the faces that PDF has. */
  'figure.outlined': z.strictObject({ drawing }),
  /** A script for matplotlib that draws a figure again, and its data; the figure as `compositionSchema` has it. */
  'figure.script': z.strictObject({ figure: specification }),
} as const

/** A figure's card: its description, and what its newest runs have come to. */
export interface FigureCard extends FigureDescription {
  runIds: string[]
  state: 'notRun' | 'running' | 'ready'
  estimate: CostEstimate | null
  result: FigureResult | null
}

export interface PaperResponses {
  'paper.list': FigureCard[]
  /** What is computed now, and runs of experiments that were passed over. */
  'paper.run': { begun: Submission[]; finished: string[] }
  'paper.show': FigureResult
  'paper.explore': LinePanel[]
  /** With the letters that no font of the host has. */
  'figure.pdf': FileData & { missing: string[] }
  'figure.script': FileData[]
  'figure.outlined': { bytes: Uint8Array; missing: string[] }
}

export interface PaperEvents {
  'paper.changed': { figure: FigureId }
}
