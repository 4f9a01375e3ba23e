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
  /** What `of` tells of the series that stands for a run: its name, or its group where groups are drawn. */
  seriesOf?: (run: ComparedRun) => Readonly<Record<string, string>>
}

/** What was done to runs that are compared: once for all that it was done to alike, and to whom where not to all. */
export function comparedMoments(
  runs: readonly ComparedRun[],
  { specs, curves, name, axis, seriesOf = ({ name }) => ({ run: name }) }: MomentSource,
): Moment[] {
  const drawn = runs.filter(({ run }) => curves.get(run.id)?.[name])
  const all = drawn.flatMap((run) => {
    const known = specs.get(run.run.id)?.spec
    const curve = curves.get(run.run.id)![name]!
    return known ? interventionMoments(known, axis, curve).map((moment) => ({ run, moment })) : []
  })
  const alike = Map.groupBy(all, ({ moment }) => `${moment.at} ${moment.of?.['step']} ${moment.label}`)
  return [...alike.values()].map((same): Moment => {
    const [{ moment, run }] = same as [(typeof same)[number]]
    const to = [...new Set(same.map((each) => each.run))]
    if (to.length === drawn.length) return moment
    const labels = [...new Set(to.map((each) => each.label))]
    const whose = labels.length > maxNamed ? `${labels.length} runs` : labels.join(', ')
    const isOfOne = new Set(to.map((each) => JSON.stringify(seriesOf(each)))).size === 1
    return {
      ...moment,
      whose,
      ...(isOfOne ? { series: seriesOf(run) } : {}),
      of: { run: [...new Set(to.map((each) => each.name))].join(', '), ...moment.of },
    }
  })
}
