import type { MeasurementName } from '../measurements.ts'
import type { Series } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import { curveAround, curveColumns, type Around } from './groupCurves.ts'
import { isLogAxis, valuesOnAxis, type HorizontalAxis } from './horizontalAxis.ts'
import type { CurvesByRun } from './curvesByRun.ts'

/** A run that some of those compared branched from, drawn behind them on their own count of steps. */
export interface ComparedParent extends Around {
  run: Pick<RunSummary, 'id' | 'name'>
}

type Branch = Pick<RunSummary, 'id' | 'parentRunId' | 'parentStep' | 'step'>

/** The runs that compared ones branched from and that are not compared themselves. */
export function parentIds(runs: readonly Branch[]): string[] {
  const compared = new Set(runs.map(({ id }) => id))
  return [...new Set(runs.flatMap(({ parentRunId: id }) => (id === null || compared.has(id) ? [] : id)))]
}

/** Those of them that are there, once for each step that runs branched from, as far as the longest of these reaches. */
export function comparedParents(
  runs: readonly Branch[],
  find: (id: string) => ComparedParent['run'] | undefined,
): ComparedParent[] {
  const ids = new Set(parentIds(runs))
  const branches = runs.filter(({ parentRunId }) => parentRunId !== null && ids.has(parentRunId))
  const places = Map.groupBy(branches, ({ parentRunId, parentStep }) => `${parentRunId} ${parentStep}`)
  return [...places.values()].flatMap((from): ComparedParent[] => {
    const { parentRunId, parentStep } = from[0]!
    const run = find(parentRunId!)
    return run ? [{ run, step: parentStep ?? 0, reach: Math.max(...from.map(({ step }) => step)) }] : []
  })
}

/** What they were at in a measurement, before and after. */
export function parentsSeries(
  parents: readonly ComparedParent[],
  curves: CurvesByRun,
  measurement: MeasurementName,
  axis: HorizontalAxis,
): Series[] {
  return parents.flatMap(({ run: { id, name }, ...from }): Series[] => {
    const whole = curves.get(id)?.[measurement]
    if (!whole) return []
    const curve = curveAround(whole, from, isLogAxis(axis))
    const of = { run: name, branchedAt: from.step }
    return [{ name, role: 'context', of, with: curveColumns(curve), x: valuesOnAxis(curve, axis), y: curve.value }]
  })
}
