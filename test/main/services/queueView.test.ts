import { describe, expect, it } from 'vitest'
import type { BackendSelection } from '../../../src/main/engine/messages.ts'
import { createQueueView } from '../../../src/main/services/queueView.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { eventsOf, measured, smallSpec, started, temporaryArchives } from '../../support/archive.ts'

const archives = temporaryArchives()

interface Job {
  threads?: number
  kind?: BackendSelection['kind']
  /** Of its 100 steps at 1 a second. */
  seconds: number
}

/** The times of runs that are computed, and of those that wait behind them, each an experiment of its own. */
function timesOf(slots: number, running: Job[], waiting: Job[]) {
  const archive = archives.open()
  const arithmetic = new Map<string, BackendSelection>()
  const create = ({ threads = 1, kind = 'wasm', seconds }: Job): string => {
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0] }) })
    arithmetic.set(runIds[0]!, { kind, threads, reason: '' })
    view.noteProgress([progress(runIds[0]!, seconds)])
    return runIds[0]!
  }
  /** By its pace it takes so long from its beginning. */
  const progress = (runId: string, seconds: number) =>
    ({
      type: 'progress',
      sequence: 0,
      runId,
      step: 0,
      steps: 100,
      tau: 0,
      stepsPerSecond: 100 / seconds,
      secondsLeft: seconds,
    }) as const
  const order: { running: string[]; waiting: string[] } = { running: [], waiting: [] }
  const runs = { order: () => order, arithmetic: (id: string) => arithmetic.get(id), isHeld: () => false }
  const view = createQueueView({ archive, runs, speed: { known: () => null }, slots })
  order.running = running.map(create)
  order.waiting = waiting.map(create)
  for (const runId of order.running) archive.runs.setStatus(runId, 'running')
  const show = () => {
    const shown = view.showQueue(100)
    return {
      running: shown.running.map(({ endsInSeconds }) => endsInSeconds),
      waiting: shown.waiting.map(({ startsInSeconds, endsInSeconds }) => [startsInSeconds, endsInSeconds]),
    }
  }
  return { show, view, order, arithmetic, progress }
}

describe('the foreseen time of a run that waits', () => {
  it('is when a slot is free after those before it', () => {
    const jobs = [{ seconds: 10 }, { seconds: 4 }]
    const { show } = timesOf(2, jobs, [{ seconds: 3 }, { seconds: 5 }])
    expect(show()).toEqual({
      running: [10, 4],
      waiting: [
        [4, 7],
        [7, 12],
      ],
    })
  })

  it('is when its threads are free: behind a run with all of them when that ends', () => {
    const { show } = timesOf(8, [{ threads: 8, seconds: 100 }], [{ seconds: 5 }, { threads: 16, seconds: 7 }])
    expect(show().waiting).toEqual([
      [100, 105],
      [105, 112],
    ])
  })

  it('is when the device is free, whatever slots are, and leaves those to runs that need none', () => {
    const gpu = { kind: 'webgpu', seconds: 10 } as const
    const { show } = timesOf(2, [gpu], [gpu, { kind: 'tensorflow', seconds: 10 }, { seconds: 3 }])
    expect(show().waiting).toEqual([
      [10, 20],
      [20, 30],
      [0, 3],
    ])
  })

  it('is not known behind a run of which nothing is, but in what is left of the slots', () => {
    const { show } = timesOf(3, [{ threads: 2, seconds: Infinity }], [{ seconds: 5 }, { threads: 2, seconds: 5 }])
    expect(show().waiting).toEqual([
      [0, 5],
      [null, null],
    ])
  })
})

it('the foreseen end of a run that is computed is what it told last, which may be before its steps are over', () => {
  const { show, view, order, progress } = timesOf(1, [{ seconds: 1000 }], [{ seconds: 5 }])
  const [runId] = order.running as [string]
  view.noteProgress([{ ...progress(runId, 1000), secondsLeft: 30 }])
  expect(show()).toEqual({ running: [30], waiting: [[30, 35]] })
})

it('a start that is trained is foreseen once, of runs that train it', () => {
  const archive = archives.open()
  const initialization = { kind: 'trained', steps: 1e6, learningRate: 0.1, weightDecay: 0 }
  const spec = smallSpec({ seeds: [0], initialization })
  const create = (parent?: { runId: string; step: number }) =>
    archive.runs.createExperiment({ spec, runs: [{ spec: toRunSpec(spec, 0), ...(parent && { parent }) }] }).runIds[0]!
  const secondsOf = (id: string) => {
    const order = () => ({ running: [], waiting: [id] })
    const { showQueue } = createQueueView({
      archive,
      runs: { order, arithmetic: () => undefined, isHeld: () => false },
      speed: { known: () => 1e6 },
      slots: 1,
    })
    return showQueue(1).waiting[0]!.endsInSeconds!
  }
  const whole = create()
  const seconds = secondsOf(whole)
  expect(seconds / secondsOf(create({ runId: whole, step: 0 }))).toBeGreaterThan(100)
  archive.applyEvents(eventsOf(whole, [started, measured(50, { trainLoss: 1 })]))
  expect(seconds / secondsOf(whole)).toBeGreaterThan(100)
})

it('the speed of what the host chooses says nothing of a run for which another backend was asked', () => {
  const archive = archives.open()
  const ids = [undefined, 'wasm' as const].map((backend) => {
    const spec = smallSpec({ seeds: [0] })
    const runs = [{ spec: toRunSpec(spec, 0), ...(backend && { backend }) }]
    return archive.runs.createExperiment({ spec, runs }).runIds[0]!
  })
  const runs = { order: () => ({ running: [], waiting: ids }), arithmetic: () => undefined, isHeld: () => false }
  const { showQueue } = createQueueView({ archive, runs, speed: { known: () => 1e9 }, slots: 2 })
  const ends = showQueue(2).waiting.map(({ run, endsInSeconds }): [RunSummary['id'], boolean] => [
    run.id,
    endsInSeconds !== null,
  ])
  expect(ends).toEqual([
    [ids[0], true],
    [ids[1], false],
  ])
})
