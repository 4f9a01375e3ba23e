import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createLiveMaps } from '../../../../../src/main/services/sweeps/live/liveMaps.ts'
import type { LiveEngineListener, WantedRun } from '../../../../../src/main/services/sweeps/live/liveEngine.ts'
import { drawMaps } from '../../../../../src/main/lab/maps/drawMaps.ts'
import { liveMapMilliseconds } from '../../../../../src/shared/contract/liveMaps.ts'
import { LabError } from '../../../../../src/shared/errors.ts'
import type { RunSpec } from '../../../../../src/shared/experiment.ts'
import type { RunEvent, RunSummary } from '../../../../../src/shared/run.ts'
import { coarseFirst } from '../../../../../src/shared/sweep/coarseFirst.ts'
import { temporaryFolder } from '../../../../support/folders.ts'
import { followMap, startLaboratory as start } from '../../../../support/liveLaboratory.ts'

const [decay, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
const sweep = {
  name: 'Decay × share, small',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 40 },
    record: { measureEvery: 10 },
  },
  axes: [
    { field: fraction, values: [0.4, 0.6, 0.8] },
    { field: decay, from: 0.25, to: 4, count: 3, scale: 'log' },
  ],
  seeds: 4,
  map: { x: decay, y: fraction, color: 'generalizedStep' },
}
const long = { ...sweep, base: { ...sweep.base, dynamics: { ...sweep.base.dynamics, steps: 1_000_000 } } }

/** All that a map can be colored by. */
const readings = ({ id, seed, status, step, tau, latest, events, facets }: RunSummary) => ({
  ...{ id, seed, status, step, tau, latest, events, facets },
})

describe('a live map', () => {
  it('has the readings of a sweep of the same cells, stores nothing, and is kept without being computed again', async () => {
    const folder = temporaryFolder()
    const { ask, follow } = start(folder)
    expect(await ask('liveMap.begin', { liveMap: 'page 1', spec: sweep, leastSeeds: 2 })).toEqual({ problems: [] })
    const { runs, reading } = await follow('page 1')
    expect(reading).toMatchObject({ wanted: 18, ended: 18, failed: 0, seeds: 2, rows: 0, wideRows: 0 })
    const ids = [...runs.keys()].slice(0, 2)
    const asked = { liveMap: 'page 1', runIds: ids, measurements: ['testAccuracy' as const] }
    const curves = await ask('liveMap.curves', asked)
    expect(curves.map(({ runId }) => runId)).toEqual(ids)
    expect([...curves[0]!.curves.testAccuracy!.step]).toEqual([0, 10, 20, 30, 40])
    expect(readdirSync(folder).filter((name) => name.endsWith('-sweeps'))).toEqual([])
    expect(await ask('sweep.list', {})).toEqual([])
    expect((await ask('run.list', {})).total).toBe(0)

    const own = start(temporaryFolder())
    const computed = await own.ask('sweep.create', { spec: { ...sweep, seeds: 2 }, computes: true })
    await expect.poll(async () => (await own.ask('sweep.show', { sweep: computed.id })).collected).toBe(18)
    const { runs: ofSweep } = await own.ask('sweep.runs', { sweep: computed.id })
    expect(ofSweep.map(({ run }) => readings(run))).toEqual(ofSweep.map(({ run }) => readings(runs.get(run.id)!)))

    const kept = await ask('liveMap.keep', { liveMap: 'page 1' })
    expect(kept).toMatchObject({ taken: 18, sweep: { name: sweep.name, runs: 18, finished: 18, seeds: 2 } })
    const journals = () => readdirSync(join(kept.sweep.path, 'journals')).length
    expect(journals()).toBe(18)
    await expect.poll(async () => (await ask('sweep.show', { sweep: kept.sweep.id })).collected).toBe(18)
    // One journal each: nothing was computed again. What was taken over is to the bit what the sweep has.
    expect(journals()).toBe(18)
    const results = async (each: typeof ask) =>
      new Map((await each('run.list', {})).runs.map((run) => [run.specificationHash, run.resultHash]))
    expect(await results(ask)).toEqual(await results(own.ask))
    expect((await ask('liveMap.keep', { liveMap: 'page 1', name: 'again' })).taken).toBe(18)
  })

  it('ends at once when another takes its place, and computes that', async () => {
    const { ask, follow } = start(temporaryFolder())
    await ask('liveMap.begin', { liveMap: 'page 1', spec: long, leastSeeds: 2 })
    const waiting = ask('liveMap.runs', { liveMap: 'page 1', after: 1 })
    await ask('liveMap.begin', { liveMap: 'page 2', replaces: 'page 1', spec: sweep, leastSeeds: 2 })
    await expect(waiting).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await follow('page 2')).reading.ended).toBe(18)
  })

  it('may be kept before it is done: the sweep has what has ended, and the rest is to be computed', async () => {
    const folder = temporaryFolder()
    const { ask } = start(folder)
    await ask('liveMap.begin', { liveMap: 'page 1', spec: long, leastSeeds: 2 })
    const { sweep: kept, taken } = await ask('liveMap.keep', { liveMap: 'page 1', name: 'begun' })
    expect(taken).toBe(0)
    expect(kept).toMatchObject({ name: 'begun', state: 'open', runs: 18, finished: 0, begun: 0 })
    expect(existsSync(join(folder, 'a-sweeps', 'begun', 'sweep.json'))).toBe(true)
  })

  it('says what is wrong with a plane, at the field, and lets what was there before go on', async () => {
    const { ask } = start(temporaryFolder())
    const begin = (change: object, more = {}) =>
      ask('liveMap.begin', { liveMap: 'page 2', replaces: 'page 1', spec: { ...sweep, ...change }, ...more })
    await ask('liveMap.begin', { liveMap: 'page 1', spec: long, leastSeeds: 2 })
    const wrong = await begin({ axes: [sweep.axes[0], { ...sweep.axes[1], from: 0 }] })
    expect(wrong.problems).toMatchObject([{ path: 'axes.1.from', value: 0 }])
    expect((await begin({ axes: [sweep.axes[1]], map: undefined })).problems).toMatchObject([
      { path: 'axes', value: 1 },
    ])
    const many = await begin({
      axes: [
        { field: fraction, from: 0.1, to: 0.9, count: 65 },
        { ...sweep.axes[1], count: 64 },
      ],
    })
    expect(many.problems[0]!.message).toBe('4160 cells; a live map has at most 4096')
    const twice = await begin({ map: { ...sweep.map, y: decay } })
    expect(twice.problems).toMatchObject([{ path: 'map.y', value: decay }])
    expect((await ask('liveMap.runs', { liveMap: 'page 1', after: 0 })).runs).toHaveLength(18)
    await expect(begin({}, { liveMap: 'page 1' })).rejects.toMatchObject({ code: 'CONFLICT' })
    // The same once more is the same one: an answer may have been lost.
    expect(await ask('liveMap.begin', { liveMap: 'page 1', spec: long, leastSeeds: 2 })).toEqual({ problems: [] })
    await ask('liveMap.end', { liveMap: 'page 1' })
    await expect(ask('liveMap.runs', { liveMap: 'page 1', after: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

function cellOf(spec: RunSpec): readonly [share: number, wd: number, seed: number] {
  const { task, dynamics } = spec as { task: { trainFraction: number }; dynamics: { weightDecay: number } }
  return [task.trainFraction, dynamics.weightDecay, spec.seed]
}

describe('what a live map wants to be computed', () => {
  /** An engine that ends runs when it is told to. */
  function pretend(
    generalizes: (at: { share: number; wd: number; seed: number }) => boolean,
    admitOnGpu = (): Promise<string> => Promise.reject(new LabError('BACKEND_UNAVAILABLE', 'WebGPU: there is none')),
  ) {
    let wanted: readonly WantedRun[] = []
    /** Which engine was told to compute how many runs, one time after the other. */
    const wishes: [on: string, runs: number][] = []
    let listener!: LiveEngineListener
    const maps = createLiveMaps({
      caller: {
        call: (_: string, { plane, runs, options }: never) => Promise.resolve(drawMaps(plane, runs, options)),
        close: () => Promise.resolve(),
      } as never,
      createSweep: () => Promise.reject(new Error('nothing is to be kept')),
      onFault: (error) => {
        throw error
      },
      startEngine: {
        here(given) {
          listener = given
          return {
            admit: () => Promise.resolve(null),
            compute(runs) {
              wanted = runs
              wishes.push(['here', runs.length])
            },
            close: () => Promise.resolve(),
          }
        },
        gpu: () => ({
          admit: admitOnGpu,
          compute: (runs) => void wishes.push(['gpu', runs.length]),
          close: () => Promise.resolve(),
        }),
      },
    })
    function endAll(): number {
      const runs = wanted
      for (const { key, spec } of runs) {
        const [share, wd, seed] = cellOf(spec)
        const moment = { name: 'generalized', step: 20, tau: 1, value: 1 }
        const bodies = [
          { type: 'measured', step: 40, tau: 2, seconds: 0, values: { testAccuracy: 1 } },
          ...(generalizes({ share, wd, seed }) ? [{ type: 'event', ...moment }] : []),
          { type: 'settled', status: 'finished', step: 40, tau: 2, seconds: 0 },
        ]
        listener.onEnded(key, bodies.map((body, sequence) => ({ runId: key, sequence, ...body })) as RunEvent[])
      }
      wanted = []
      return runs.length
    }
    return { maps, endAll, wanted: () => wanted, wishes }
  }
  const begin = (spec: object, more = {}) => ({
    liveMap: 'a',
    spec: spec as Record<string, unknown>,
    leastSeeds: 1,
    on: 'here' as const,
    ...more,
  })
  const plane = {
    ...sweep,
    axes: [
      { field: fraction, values: [0.5, 0.6, 0.7, 0.8, 0.9] },
      { field: decay, from: 0.25, to: 4, count: 6, scale: 'log' },
    ],
    seeds: 5,
  }
  const cellsOf = (runs: readonly WantedRun[]) => runs.map(({ spec }) => cellOf(spec))

  it('is the coarsest grid first, one seed of every cell before the next of any, and what one looks at before all', async () => {
    const { maps, wanted } = pretend(() => false)
    await maps.begin(begin(plane, { leastSeeds: 2 }) as never)
    const [decays] = [[...new Set(cellsOf(wanted()).map(([, wd]) => wd))].sort((a, b) => a - b)]
    const expected = [0, 1].flatMap((seed) =>
      coarseFirst(5, 6).map((place) => [0.5 + Math.floor(place / 6) / 10, decays[place % 6], seed]),
    )
    expect(cellsOf(wanted()).map(([share, wd, seed]) => [Number(share.toFixed(1)), wd, seed])).toEqual(
      expected.map(([share, wd, seed]) => [Number(share!.toFixed(1)), wd, seed]),
    )
    const { key } = wanted().at(-1)!
    expect(maps.curves({ liveMap: 'a', runIds: [key], measurements: ['testAccuracy'] })).toEqual([])
    expect(wanted()[0]!.key).toBe(key)
    expect(wanted()).toHaveLength(60)
    maps.hold('a', true)
    expect(wanted().map((run) => run.key)).toEqual([key])
    maps.hold('a', false)
    expect(wanted()).toHaveLength(60)
    maps.end('a')
    expect(wanted()).toEqual([])
  })

  it('are seeds in the rows where the boundary is not narrower than a cell, until it is, or all are used', async () => {
    // Sharp between 0.76 and 1.3, but for a share of 0.9, where seeds disagree over most of the decays.
    const { maps, endAll, wanted } = pretend(({ share, wd, seed }) => wd > (share < 0.9 ? 1 : [0.4, 3][seed % 2]!))
    await maps.begin(begin(plane) as never)
    expect(endAll()).toBe(30)
    for (const [seed, rows] of [
      [1, 5],
      [2, 1],
      [3, 1],
      [4, 1],
    ] as const) {
      await expect.poll(() => wanted().length).toBeGreaterThan(0)
      const cells = cellsOf(wanted())
      expect(new Set(cells.map((cell) => cell[2]))).toEqual(new Set([seed]))
      expect(new Set(cells.map(([share]) => share)).size).toBe(rows)
      expect(endAll()).toBe(6 * rows)
    }
    const { reading, runs } = await followMap((after) => maps.readRuns('a', after))
    expect(reading).toMatchObject({ isDone: true, wanted: 78, ended: 78, seeds: 5, rows: 5, wideRows: 1 })
    expect(runs.size).toBe(78)
    expect(wanted()).toEqual([])
    // All of it is known.
    await maps.begin({ ...begin(plane), liveMap: 'b', replaces: 'a' } as never)
    expect(wanted()).toEqual([])
    expect((await followMap((after) => maps.readRuns('b', after))).reading).toMatchObject({ wanted: 78, ended: 78 })
  })

  it('are the runs of a map that takes the place of another, of which those that both have are not left', async () => {
    const { maps, wishes } = pretend(
      () => false,
      () => Promise.resolve('a card'),
    )
    const beginWith = (values: number[], more: object) =>
      maps.begin(begin({ ...plane, axes: [plane.axes[0], { field: decay, values }] }, more) as never)
    await beginWith([1, 2], {})
    await beginWith([1, 2, 3], { liveMap: 'b', replaces: 'a' })
    expect(wishes).toEqual([
      ['here', 10],
      ['here', 15],
    ])
    await beginWith([1], { liveMap: 'c', replaces: 'b', on: 'gpu' })
    expect(wishes.slice(2)).toEqual([
      ['gpu', 5],
      ['here', 0],
    ])
  })

  it('is left as it was where there is no GPU, and says so', async () => {
    const { maps, wanted } = pretend(() => false)
    await maps.begin(begin(plane) as never)
    const { problems } = await maps.begin({ ...begin(plane), liveMap: 'b', replaces: 'a', on: 'gpu' } as never)
    expect(problems).toEqual([{ path: 'on', value: undefined, message: 'WebGPU: there is none' }])
    expect(wanted()).toHaveLength(30)
  })

  it('is nothing any more where nobody has asked for a while', async () => {
    vi.useFakeTimers()
    try {
      const { maps, wanted } = pretend(() => false)
      await maps.begin(
        begin({
          ...plane,
          axes: [
            { field: fraction, values: [0.5] },
            { field: decay, values: [1, 2] },
          ],
        }) as never,
      )
      expect(wanted()).toHaveLength(2)
      vi.advanceTimersByTime(liveMapMilliseconds)
      expect(wanted()).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})
