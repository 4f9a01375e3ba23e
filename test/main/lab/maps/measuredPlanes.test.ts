import { describe, expect, it } from 'vitest'
import { wasmBackend } from '../../../../src/main/lab/backend/wasm/wasmBackend.ts'
import { median } from '../../../../src/shared/curves/statistics.ts'
import type { RunMoments } from '../../../../src/shared/run.ts'
import { collectRun, readReference, runSpec } from '../../../support/runs.ts'

type Cell = [
  fraction: number,
  n: number,
  weightDecay: number,
  seeds: number,
  memorized: number,
  tMemorize: number,
  generalized: number,
  tGrok: number | null,
]

interface Plane {
  name: string
  modulus: number
  hidden: number
  learningRate: number
  steps: number
  recordedEvery: number
  cells: Cell[]
}

const { planes } = readReference('planes') as { planes: Plane[] }

// Chosen before any was computed here: those that end soon.
const chosen = [
  { name: 'adamw-mse-fraction-wd', fraction: 0.9, decays: [0.464159, 1, 2.154435, 4.641589] },
  { name: 'adamw-mse-p23', fraction: 0.8, decays: [1, 3.162278] },
  { name: 'adamw-mse-p23', fraction: 0.6, decays: [3.162278] },
]
const seeds = 16

const cells = chosen.flatMap(({ name, fraction, decays }) => {
  const plane = planes.find((each) => each.name === name)!
  return decays.map((decay) => {
    const cell = plane.cells.find(([at, , wd]) => at === fraction && wd === decay)!
    return { plane, cell, modulus: plane.modulus, fraction, decay }
  })
})

describe('planes of an independent program', () => {
  it.each(cells)(
    'agree in distribution at p = $modulus, a training share of $fraction and wd = $decay',
    async ({ plane, cell: [trainFraction, n, weightDecay, otherSeeds, memorized, tMemorize, generalized, tGrok] }) => {
      const { modulus, hidden, learningRate, steps, recordedEvery } = plane
      const backend = await wasmBackend('float64', 1)
      const runs: RunMoments[] = []
      for (let seed = 0; seed < seeds; seed++) {
        backend.clear()
        const spec = runSpec(
          {
            task: { kind: 'modularAddition', modulus, trainFraction },
            network: { hidden },
            dynamics: { kind: 'training', optimizer: 'adamw', learningRate, weightDecay, steps },
            record: { measureEvery: recordedEvery, snapshots: 'events' },
            stop: { after: 'generalized', steps: 500 },
          },
          seed,
        )
        const { events, train } = await momentsOf(spec, backend)
        expect(train).toBe(n)
        runs.push(events)
      }
      backend.close()
      const stepsOf = (name: 'memorized' | 'generalized') => runs.flatMap((events) => events[name]?.step ?? [])
      const [ownMemorized, ownGrok] = [stepsOf('memorized'), stepsOf('generalized')]
      expect(fisher(ownMemorized.length, seeds, memorized, otherSeeds)).toBeGreaterThan(0.01)
      expect(fisher(ownGrok.length, seeds, generalized, otherSeeds)).toBeGreaterThan(0.01)
      expect(Math.abs(median(ownMemorized) / tMemorize - 1)).toBeLessThanOrEqual(0.25)
      expect(Math.abs(median(ownGrok) / tGrok! - 1)).toBeLessThanOrEqual(0.25)
    },
  )
})

async function momentsOf(spec: Parameters<typeof collectRun>[0], backend: Awaited<ReturnType<typeof wasmBackend>>) {
  const events: RunMoments = {}
  let train = 0
  for (const event of await collectRun(spec, { backend })) {
    if (event.type === 'started') train = event.train.length
    if (event.type === 'event') events[event.name] = { step: event.step, tau: event.tau, value: event.value }
  }
  return { events, train }
}

/**
 * The probability, for one share of both, of counts at least as unlikely as k of n and l of m: Fisher's exact test, which takes
 * both samples for binomial.
 */
function fisher(k: number, n: number, l: number, m: number): number {
  const all = k + l
  const weight = (count: number) => choose(n, count) * choose(m, all - count)
  const counts = Array.from({ length: all + 1 }, (_, count) => count).filter((count) => count <= n && all - count <= m)
  const total = counts.reduce((sum, count) => sum + weight(count), 0)
  return (
    counts.filter((count) => weight(count) <= weight(k) * (1 + 1e-9)).reduce((sum, count) => sum + weight(count), 0) /
    total
  )
}

function choose(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i
  return product
}
