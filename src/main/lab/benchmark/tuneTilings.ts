/// <reference types="@webgpu/types" />
import { performance } from 'node:perf_hooks'
import { LabError } from '../../../shared/errors.ts'
import type { RunSpec } from '../../../shared/experiment.ts'
import { tileSizes, type TilingEntry, type Tilings, type TunedTable } from '../../../shared/tilingTable.ts'
import type { OnProgress } from '../analyze.ts'
import { loadWebGpu, type WebGpuDevice } from '../backend/webgpu.ts'
import { timedRun } from '../timeRun.ts'
import { stepsPerSubmit } from '../webgpu/deviceTraining.ts'
import { plannedTraining } from '../webgpu/plannedTraining.ts'
import { testGpu } from '../webgpu/testGpu.ts'
import { readTilingTable, tilingTablePath } from '../webgpu/tilingsFor.ts'
import { tilingsOf, type Tiling } from '../webgpu/tilings.ts'
import { kernelChoice, stepShape, tunedChoice } from '../webgpu/trainingPlan.ts'
import { submittedTraining } from './submittedTraining.ts'

/** Submits before and while one choice is timed. */
const [warmUps, timed] = [2, 7]

/** What is tried, and in how many steps of a submit. */
interface TuningEffort {
  readonly micros: readonly Tiling['micro'][]
  readonly parts: readonly number[]
  readonly stepsAtOnce: number
}

const usualEffort: TuningEffort = {
  micros: tileSizes,
  parts: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32],
  stepsAtOnce: stepsPerSubmit,
}
/** What is this much faster is no accident. */
const gain = 0.98

/**
 * The table of tilings with what is fastest for the steps of these runs on the fastest GPU in the place of what stood there, and what was found for each:
 * null for steps that have no products, since they are fused. Throws BACKEND_UNAVAILABLE where there is no GPU or where it computes wrongly,
 * INVALID_SPECIFICATION for what it has no kernels for, INVALID_FILE where the table is not as it was written.
 */
export async function tunedTable(runs: readonly RunSpec[], onProgress?: OnProgress): Promise<TunedTable> {
  const path = tilingTablePath()
  if (path === undefined) throw new LabError('INVALID_REQUEST', 'this system knows no folder for settings')
  const { entries } = readTilingTable()
  const device = await loadWebGpu()
  try {
    if (device.isSoftware) throw new LabError('BACKEND_UNAVAILABLE', `WebGPU: ${device.description}: it is not tuned`)
    const found: (TilingEntry | null)[] = []
    for (const run of runs) {
      found.push(await tuneTilings(device, run))
      onProgress?.(found.length, runs.length)
    }
    return { path, found, table: { version: 1, entries: found.reduce<TilingEntry[]>(withEntry, entries) } }
  } finally {
    device.gpu.destroy()
  }
}

/** Entries with one more, in the place of that for the same products on the same card. */
export function withEntry(entries: readonly TilingEntry[], added: TilingEntry | null): TilingEntry[] {
  if (!added) return [...entries]
  const names = ['card', 'samples', 'inputs', 'hidden', 'outputs', 'isTokens'] as const
  return [...entries.filter((entry) => names.some((name) => entry[name] !== added[name])), added]
}

/**
 * Finds the fastest tiles and parts for the products of the steps of a run, one product after the other; what is found passes the test of the GPU.
 */
export async function tuneTilings(
  { gpu, card }: Pick<WebGpuDevice, 'gpu' | 'card'>,
  run: RunSpec,
  { micros, parts: partCounts, stepsAtOnce }: TuningEffort = usualEffort,
): Promise<TilingEntry | null> {
  const given = timedRun(run)
  const training = plannedTraining(given)
  if (!training) throw new LabError('INVALID_SPECIFICATION', 'WebGPU has no kernels for this specification')
  const shape = stepShape(training.shape, training.dynamics)
  if (kernelChoice(shape).fused) return null
  const isTokens = shape.perRow !== undefined
  const usual = tilingsOf(shape)
  const usualMicroseconds = await time(usual)
  let best = { tilings: usual, microseconds: usualMicroseconds }

  /** Infinity where the device has no room for it. */
  async function time(tilings: Tilings): Promise<number> {
    try {
      const trained = await submittedTraining(gpu, given.spec, { tilings, stepsAtOnce })
      try {
        await trained.submit(warmUps)
        const found: number[] = []
        for (let i = 0; i < timed; i++) {
          const startedAt = performance.now()
          const steps = await trained.submit(1)
          found.push((1000 * (performance.now() - startedAt)) / steps)
        }
        return found.sort((a, b) => a - b)[timed >> 1]!
      } finally {
        trained.end()
      }
    } catch (error) {
      if (error instanceof LabError && error.code === 'OUT_OF_MEMORY') return Infinity
      throw error
    }
  }

  async function tryOut(changes: Partial<Tilings>): Promise<void> {
    const tilings = { ...best.tilings, ...changes }
    const microseconds = await time(tilings)
    if (microseconds < gain * best.microseconds) best = { tilings, microseconds }
  }

  const inner = { outputs: shape.hidden, secondLayer: shape.samples, firstLayer: shape.samples }
  for (const micro of micros) {
    await tryOut({ back: { micro, parts: 1 } })
    if (!isTokens) await tryOut({ hidden: { micro, parts: 1 } })
  }
  for (const name of ['outputs', 'secondLayer', ...(isTokens ? [] : ['firstLayer' as const])] as const) {
    for (const micro of micros) {
      for (const parts of partCounts) if (16 * parts <= inner[name]) await tryOut({ [name]: { micro, parts } })
    }
  }

  const { failure } = await testGpu(gpu, training, tunedChoice(training, best.tilings))
  if (failure) throw new LabError('BACKEND_UNAVAILABLE', `${card} computes wrongly: ${failure}`)
  const { samples, inputs, hidden, outputs } = shape
  return { card, samples, inputs, hidden, outputs, isTokens, ...best, usualMicroseconds }
}
