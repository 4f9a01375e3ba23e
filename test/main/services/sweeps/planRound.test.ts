import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../../src/main/engine/host/caller.ts'
import { refineMap } from '../../../../src/main/lab/maps/refineMap.ts'
import { forecastOfRound } from '../../../../src/main/services/sweeps/describeSweep.ts'
import { planRound } from '../../../../src/main/services/sweeps/planRound.ts'
import {
  addRound,
  openSweepFolder,
  prepareSweepFolder,
  type SweepFolder,
} from '../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { readSweepRuns } from '../../../../src/main/sweep/sweepRuns.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const [wd, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
const sweep = {
  name: 'plane',
  base: {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.8 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 20_000 },
  },
  axes: [
    { field: fraction, values: [0.5, 0.7, 0.9] },
    { field: wd, values: [0.1, 1, 10] },
  ],
  seeds: 2,
}
const caller = {
  call: (
    _: 'map.refine',
    { spec, runs, options }: { spec: SweepFolder['spec']; runs: RunSummary[]; options: object },
  ) => Promise.resolve(refineMap(spec, runs, options)),
} as unknown as Caller

/** Its runs after 10 s each, as if they generalized where the share and the decay are large; seeds differ in where that is. */
function ended(folder: SweepFolder): RunSummary[] {
  return readSweepRuns(folder).map((run) => {
    const facets = run.facets as Record<string, number>
    const generalizes = facets[fraction]! > 0.55 + 0.3 * run.seed - 0.1 * Math.log10(facets[wd]!)
    const at = { tau: 1, value: 1 }
    const events = {
      memorized: { step: 100, ...at },
      ...(generalizes ? { generalized: { step: 500, ...at } } : {}),
    }
    return { ...run, status: 'finished', seconds: 10, events }
  })
}

async function prepared(given: object = sweep): Promise<SweepFolder> {
  return prepareSweepFolder(join(temporaryFolder(), 'plane'), planSweep(given), [])
}

describe('the next round of a sweep', () => {
  it('is foreseen by what its runs took, and has every cell once, also after other rounds', async () => {
    let folder = await prepared()
    for (const number of [1, 2, 3]) {
      const { round, cells, seeds, seconds } = await planRound(folder, ended(folder), {}, caller)
      expect([round, seeds]).toEqual([number, 2])
      expect(cells.length).toBeGreaterThan(0)
      expect(seconds).toBeCloseTo(cells.length * 2 * 10, 6)
      expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(cells.length)
      folder = await addRound(folder, cells)
      expect(folder.cells.slice(-cells.length)).toEqual(cells)
    }
  })

  it('is of the phases that the thresholds tell apart', async () => {
    const folder = await prepared()
    const none = await planRound(folder, ended(folder), { thresholds: { within: 90 } }, caller)
    expect(none).toMatchObject({ cells: [], seconds: 0, gpu: null })
  })

  it('is foreseen on the GPU of its sweep, or on the slots of this machine', async () => {
    const folder = await prepared()
    const round = await planRound(folder, ended(folder), {}, caller)
    const seconds = round.cells.length * 2 * 10
    expect(forecastOfRound(round, 4)).toMatchObject({ coreSeconds: seconds, wallSeconds: seconds / 4 })
    const onGpu = await planRound({ ...folder, gpu: 'a card' }, ended(folder), {}, caller)
    expect(forecastOfRound(onGpu, 4)).toMatchObject({ coreSeconds: null, wallSeconds: seconds })
  })

  it('is refused while runs are open, where no axis has numbers, and where another version planned the sweep', async () => {
    const folder = await prepared()
    await expect(planRound(folder, readSweepRuns(folder), {}, caller)).rejects.toThrow(
      /^18 runs of .* have not ended, and a round needs all of them/,
    )
    const named = await prepared({
      ...sweep,
      axes: [
        { field: 'network.activation', values: ['relu', 'quadratic'] },
        { field: 'dynamics.optimizer', values: ['momentum', 'adamw'] },
      ],
    })
    await expect(planRound(named, ended(named), {}, caller)).rejects.toThrow(
      /dynamics.optimizer and network.activation have names as values, between which nothing lies/,
    )
    const file = join(folder.path, 'sweep.json')
    const later = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), grokscope: '999.0.0' }
    writeFileSync(file, JSON.stringify(later))
    const newer = openSweepFolder(folder.path)
    await expect(planRound(newer, ended(newer), {}, caller)).rejects.toThrow(/was planned by Grokscope 999.0.0/)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('round'))).toEqual([])
  })
})
