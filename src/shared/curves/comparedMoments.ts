import type { MeasurementName } from '../measurements.ts'
import type { Moment } from '../panel.ts'
import { interventionMoments } from './moments.ts'
import type { Timed } from '../runClock.ts'
import type { ComparedRun } from './comparison.ts'
import type { HorizontalAxis } from './horizontalAxis.ts'
import type { CurvesByRun } from './curvesByRun.ts'

/** More runs than these are counted where they are named. */
const maxNamed = 2

export interface MomentSource {
  /** The specifications that are known, by run id. */
  specs: ReadonlyMap<string, { spec: Timed | null }>
  curves: CurvesByRun
  /** What is drawn: the clock is read from its rows, and nothing is told of runs that have none. */
  name: MeasurementName
  axis: HorizontalAxis
}

/** What was done to runs that are compared: once for all that it was done to alike, and to whom where not to all. */
export function comparedMoments(runs: readonly ComparedRun[], { specs, curves, name, axis }: MomentSource): Moment[] {
  const drawn = runs.filter(({ run }) => curves.get(run.id)?.[name])
  const all = drawn.flatMap((run) => {
    const known = specs.get(run.run.id)?.spec
    const curve = curves.get(run.run.id)![name]!
    return known ? interventionMoments(known, axis, curve).map((moment) => ({ run, moment })) : []
  })
  const alike = Map.groupBy(all, ({ moment }) => `${moment.at} ${moment.of?.['step']} ${moment.label}`)
  return [...alike.values()].map((same): Moment => {
    const [{ moment, run }] = same as [(typeof same)[number]]
    const names = new Set(same.map((each) => each.run.name))
    if (names.size === drawn.length) return moment
    const labels = [...new Set(same.map((each) => each.run.label))]
    const whose = labels.length > maxNamed ? `${labels.length} runs` : labels.join(', ')
    const { color } = run.look
    return {
      ...moment,
      whose,
      ...(names.size === 1 && color !== undefined ? { color } : {}),
      of: { run: [...names].join(', '), ...moment.of },
    }
  })
}
