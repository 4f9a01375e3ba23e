import type { SharedHandlers } from '../../shared/contract.ts'
import type { LiveMapService } from './sweeps/live/liveMaps.ts'
import type { SweepService } from './sweeps/sweeps.ts'
import { withoutAnswer } from './withoutAnswer.ts'

type SweepHandlers = Pick<SharedHandlers, Extract<keyof SharedHandlers, `sweep.${string}` | `liveMap.${string}`>>

/** Answers what is asked of sweeps and live maps; a folder is chosen where the host has windows. */
export function createSweepHandlers(
  sweeps: SweepService,
  liveMaps: LiveMapService,
): Omit<SweepHandlers, 'sweep.choose'> {
  return {
    'sweep.plan': ({ spec }) => sweeps.plan(spec),
    'sweep.create': sweeps.create,
    'sweep.open': ({ path }) => sweeps.open(path),
    'sweep.list': sweeps.list,
    'sweep.show': ({ sweep }) => sweeps.show(sweep),
    'sweep.cell': ({ sweep, cell }) => ({ runs: sweeps.cell(sweep, cell) }),
    'sweep.map': ({ sweep, options: asked }) => sweeps.map(sweep, asked),
    'sweep.planRound': ({ sweep, options: asked }) => sweeps.planRound(sweep, asked),
    'sweep.refine': ({ sweep, options: asked, round }) => sweeps.refine(sweep, asked, round),
    'sweep.runIds': ({ sweep, places }) => ({ runIds: sweeps.runIds(sweep, places) }),
    'sweep.runs': ({ sweep, after }) => sweeps.readRuns(sweep, after),
    'sweep.addSeeds': ({ sweep, cell, count }) => sweeps.addSeeds(sweep, cell, count),
    'sweep.run': async ({ sweep }) => sweeps.run(sweep).then(() => null),
    'sweep.pause': async ({ sweep }) => sweeps.pause(sweep).then(() => null),
    'sweep.collect': ({ sweep, partial }) => sweeps.collect(sweep, { partial }),
    'sweep.forget': async ({ sweep }) => sweeps.forget(sweep).then(() => null),

    'liveMap.begin': liveMaps.begin,
    'liveMap.runs': ({ liveMap, after }) => liveMaps.readRuns(liveMap, after),
    'liveMap.curves': liveMaps.curves,
    'liveMap.keep': ({ liveMap, name }) => liveMaps.keep(liveMap, name),
    'liveMap.hold': withoutAnswer(({ liveMap, hold }) => liveMaps.hold(liveMap, hold)),
    'liveMap.end': withoutAnswer(({ liveMap }) => liveMaps.end(liveMap)),
  }
}
