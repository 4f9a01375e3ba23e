import { z } from 'zod'
import type { AnalysisKind, AnalysisOptions, AnalysisResult } from '../../analysis.ts'
import type { HostRequest } from '../../contract.ts'
import { readRuns } from '../../curves/readRuns.ts'
import { LabError } from '../../errors.ts'
import { formatCount } from '../../formatting/formatNumber.ts'
import { parametersOfFacets } from '../../models/models.ts'
import { nearestPlace } from '../../neighbors.ts'
import { operandsOf, type Layer } from '../../panels/fourierPanels.ts'
import { quote } from '../../quote.ts'
import type { RunSummary } from '../../run.ts'
import { taskOfFacets } from '../../tasks/tasks.ts'
import { otherArchive, type RunsBehind } from './source.ts'

/** A run at one of its snapshots, in an archive: one's own unless named. */
export const snapshotShape = {
  runId: z.string().min(1).max(40),
  archive: otherArchive,
  /** Of a snapshot; `last` is the newest that there is. */
  step: z.union([z.int().min(0), z.literal('last')]),
}
/** A layer whose rows are tokens, or outputs, and which of the operands of concatenated tokens. */
export const layerShape = {
  layer: z.string().min(1).max(40).default('E'),
  operand: z.int().min(0).max(10).optional(),
}

interface SnapshotSource {
  runId: string
  archive?: string | undefined
  step: number | 'last'
}
export interface LayerSource extends SnapshotSource {
  layer: string
  operand?: number | undefined
}

/** A run with its snapshots, one of which a panel is of. */
export interface SnapshotReader {
  run: RunSummary
  /** Of all snapshots, ascending. */
  steps: readonly number[]
  step: number
  /** An analysis at the panel's snapshot, or at another. */
  analyze: <Kind extends AnalysisKind>(
    kind: Kind,
    options: AnalysisOptions<Kind>,
    at?: number,
  ) => Promise<AnalysisResult<Kind>>
}

/** Throws NOT_FOUND where there is no such run, or it has no such snapshot. */
export async function readSnapshot(
  { runId, archive, step: wanted }: SnapshotSource,
  request: HostRequest,
): Promise<SnapshotReader> {
  const [run] = (await readRuns({ runIds: [runId], archive }, request)).runs
  if (!run) throw new LabError('NOT_FOUND', `1 run is not in the archive: ${runId}`)
  const steps = (await request('run.snapshots', { runId, archive })).map(({ step }) => step).sort((a, b) => a - b)
  const step = wanted === 'last' ? steps.at(-1) : wanted
  if (step === undefined || steps.length === 0)
    throw new LabError('NOT_FOUND', `step: ${run.name} has no snapshots yet`)
  if (!steps.includes(step)) {
    const nearest = formatCount(steps[nearestPlace(steps, step)]!)
    throw new LabError(
      'NOT_FOUND',
      `step: ${run.name} has no snapshot at ${formatCount(step)}; the nearest is at ${nearest}`,
    )
  }
  return {
    run,
    steps,
    step,
    analyze: (kind, options, at = step) =>
      request('analysis.compute', {
        ...{ runId, step: at, kind, archive },
        options: options as Record<string, unknown>,
      }) as Promise<AnalysisResult<typeof kind>>,
  }
}

/** What analyses of a layer are asked for. */
export function layerOptions({ layer, operand }: LayerSource): AnalysisOptions<'fourier'> {
  if (layer !== 'E') return { layer }
  return operand === undefined ? {} : { operand }
}

/** Throws where the run's model has no such layer. */
export function layerOf({ layer, operand = 0 }: Omit<LayerSource, keyof SnapshotSource>, run: RunSummary): Layer {
  const all = parametersOfFacets(run.facets)
  const found = all.find(({ name }) => name === layer)
  if (found) return { ...found, operand: operandsOf(found, taskOfFacets(run.facets))[operand] }
  const allowed = all.map(({ name }) => name).join(', ')
  throw new LabError(
    'NOT_FOUND',
    `layer: ${run.name} has no ${quote(layer)}; ${allowed === '' ? 'none' : `one of ${allowed}`}`,
  )
}

/** As the names of panels have it: without the run its operands have no names. */
export function nameOfLayer({ layer, operand }: Omit<LayerSource, keyof SnapshotSource>): string {
  return operand === undefined ? layer : `${layer} (operand ${operand + 1})`
}

/** The words of a panel, and where it is of. */
export function nameOfSnapshot(words: string, { step }: Pick<SnapshotSource, 'step'>): string {
  return `${words}, ${step === 'last' ? 'last snapshot' : `step ${formatCount(step)}`}`
}

export function runBehind({ runId, archive }: SnapshotSource): Promise<RunsBehind> {
  return Promise.resolve({ runIds: [runId], archive })
}
