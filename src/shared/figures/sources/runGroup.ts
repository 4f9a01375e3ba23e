import { z } from 'zod'
import { maxCurvePoints } from '../../contract/runs.ts'
import type { HostRequest } from '../../contract.ts'
import { CurveBuffer } from '../../curves/curveBuffer.ts'
import type { ParentRun, RunGroup } from '../../curves/curvePanels.ts'
import { horizontalAxes, isRunAxis, type RunAxis } from '../../curves/horizontalAxis.ts'
import { interventionMoments, originMoment } from '../../curves/moments.ts'
import { readRuns } from '../../curves/readRuns.ts'
import type { MeasurementName } from '../../measurements.ts'
import type { RunSummary } from '../../run.ts'
import { requireAll } from './requireAll.ts'
import { otherArchive } from './source.ts'

const runAxes = horizontalAxes.filter(isRunAxis)

/** A run with those drawn together with it, and on which axis. */
export const runGroupShape = {
  /** The one that is looked at comes first. */
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  axis: z.enum(runAxes as [RunAxis, ...RunAxis[]]),
  shown: z.enum(['both', 'mean', 'single']).default('both'),
}

interface RunGroupSource {
  runIds: string[]
  archive?: string | undefined
  axis: RunAxis
  shown: RunGroup['shown']
}

/** Points of a curve: as many as the view of a run reads. */
const maxPoints = 100_000

/** The runs in the order of their seeds, with their curves, what was done to them, and the run that they branched from. */
export async function readRunGroup(
  { runIds, archive, axis, shown }: RunGroupSource,
  namesOf: (run: RunSummary) => readonly MeasurementName[],
  request: HostRequest,
): Promise<{ run: RunSummary; group: RunGroup }> {
  const { runs } = await readRuns({ runIds, archive }, request)
  requireAll(runIds, new Set(runs.map(({ id }) => id)))
  const run = runs[0]!
  const names = namesOf(run)
  const parentId = run.parentRunId
  const [parent] = parentId === null ? [] : (await readRuns({ runIds: [parentId], archive }, request)).runs
  const asked = [...runIds, ...(parent && !runIds.includes(parent.id) ? [parent.id] : [])]
  const points = Math.max(2, Math.min(maxPoints, Math.floor(maxCurvePoints / (asked.length * names.length))))
  const [answer, { spec }] = await Promise.all([
    request('run.curves', { runIds: asked, measurements: [...names], points, archive }),
    request('run.show', { runId: run.id, archive }),
  ])
  const curves = new Map(answer.map((each) => [each.runId, new CurveBuffer(names, each.curves)]))
  const any = names.map((name) => curves.get(run.id)?.curve(name)).find((curve) => curve !== undefined) ?? null
  return {
    run,
    group: {
      runs: runs.toSorted((a, b) => a.seed - b.seed),
      curves,
      axis,
      shown,
      end: null,
      moments: [...originMoment(run, parent ?? null), ...(spec ? interventionMoments(spec, axis, any) : [])],
      parent: parent ? parentOf(run, parent, curves) : null,
    },
  }
}

function parentOf(run: RunSummary, parent: RunSummary, curves: RunGroup['curves']): ParentRun | null {
  const own = curves.get(parent.id)
  return own ? { name: parent.name, curves: own, step: run.parentStep ?? 0, reach: run.step } : null
}
