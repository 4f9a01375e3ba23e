import { LabError, toErrorRecord } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import type { RunEvent } from '../../shared/run.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { Journal } from '../journal/journal.ts'
import type { WebGpuBackend } from '../lab/backend/webgpu.ts'
import { batchesOf } from '../lab/webgpu/batch/batchesOf.ts'
import type { BatchableSpec } from '../lab/webgpu/batch/batchShapeOf.ts'
import type { RunOfBatch } from '../lab/webgpu/batch/batchCrew.ts'
import { runBatch } from '../lab/webgpu/batch/runBatch.ts'
import type { GpuGo } from './gpuMessages.ts'
import { requireArithmetic, requireSameVersion, runSpecs, type SweepFolder } from './sweepFolder.ts'
import { runsOf, type SweepPlan } from './sweepPlan.ts'
import { beginAttempt, listJournals, readRun, surveySweep } from './sweepJournals.ts'
import { dataHashOf } from './sweepDataset.ts'

/** A GPU that computes sweeps; by its description a folder names it. */
export type SweepGpu = WebGpuBackend

export interface GpuOptions {
  readonly gpu: SweepGpu
  /** Aborted, runs are saved and the rest is left. */
  readonly signal: AbortSignal
  /** Why the GPU, for the record. */
  readonly reason?: string
  readonly onProgress: (ended: number, of: number) => void
}

/** So often journals are written, and at the end of each run: a kill costs what is computed meanwhile. */
const writeMilliseconds = 1000

/**
 * Computes what has not ended of a sweep on a GPU: runs of one shape at once, shape by shape, each from its furthest snapshot, with
 * journals like those of a task elsewhere. Where the device is lost, its runs are left. Throws CONFLICT where another version planned
 * it or another arithmetic computes it, INVALID_SPECIFICATION for what no batch computes, before it begins; and DISK_FULL.
 */
export async function computeOnGpu(
  sweep: SweepFolder,
  { gpu, signal, reason = 'asked for', onProgress }: GpuOptions,
): Promise<GpuGo> {
  requireSameVersion(sweep)
  requireArithmetic(sweep, gpu.description)
  requireNoData(sweep)
  const { open } = surveySweep(sweep)
  const specOf = runSpecs(sweep)
  const batches = await batchesOf(
    open.map((place) => ({ place, spec: specOf(place) })),
    gpu,
  )
  const earlier = listJournals(sweep)
  const journals = new Map<string, Journal>()
  const waiting = new Map<string, RunEvent[]>()
  const closings = new Set<Promise<void>>()
  const go: GpuGo = { ended: 0, problems: new Map(), seconds: 0, runSteps: 0 }
  const begunAt = new Map<string, number>()
  let writtenAt = performance.now()

  function hear(events: readonly RunEvent[]): void {
    for (const event of events) {
      const { runId } = event
      const told = waiting.get(runId) ?? []
      waiting.set(runId, told)
      told.push(event)
      if (event.type === 'started') begunAt.set(runId, event.step)
      if (event.type === 'settled') {
        go.runSteps += event.step - begunAt.get(runId)!
        write(runId)
        close(runId)
        if (event.status !== 'cancelled') onProgress((go.ended += 1), open.length)
      }
    }
    if (performance.now() - writtenAt < writeMilliseconds) return
    writtenAt = performance.now()
    for (const runId of waiting.keys()) write(runId)
  }

  function write(runId: string): void {
    const events = waiting.get(runId)
    waiting.delete(runId)
    if (!events) return
    const journal = journals.get(runId) ?? beginAttempt(sweep, runId)
    journals.set(runId, journal)
    journal.append(events)
  }

  /** Beside what is computed meanwhile. */
  function close(runId: string): void {
    const closing = journals
      .get(runId)!
      .close()
      .catch((error: unknown) => void go.problems.set(runId, toErrorRecord(error)))
      .finally(() => closings.delete(closing))
    journals.delete(runId)
    closings.add(closing)
  }

  function runOf({ place, spec }: OpenRun): RunOfBatch {
    const runId = sweep.keys[place]!
    const { snapshot, seconds } = readRun(sweep, runId, earlier.get(runId))
    return { runId, spec: spec as BatchableSpec, resumeFrom: snapshot, secondsBefore: seconds }
  }

  try {
    for (const batch of batches) {
      if (signal.aborted) break
      const startedAt = performance.now()
      const told = runBatch(batch.map(runOf), {
        backend: gpu,
        signal,
        choice: `a sweep on a GPU, ${reason}`,
        onRefused: (runId, error) => go.problems.set(runId, toErrorRecord(error)),
      })
      for await (const events of told) hear(events)
      go.seconds += (performance.now() - startedAt) / 1000
    }
  } catch (error) {
    const record = toErrorRecord(error)
    if (record.code !== 'BACKEND_UNAVAILABLE') throw error
    go.lost = record
  } finally {
    // What cannot be written is computed again.
    for (const runId of waiting.keys()) {
      tryStep(
        () => write(runId),
        (error) => go.problems.set(runId, toErrorRecord(error)),
      )
    }
    for (const runId of journals.keys()) close(runId)
    await Promise.all(closings)
  }
  const full = [...go.problems.values()].find(({ code }) => code === 'DISK_FULL')
  if (full) throw LabError.fromRecord(full)
  return go
}

interface OpenRun {
  readonly place: number
  readonly spec: RunSpec
}

/** Refuses a sweep that no batch computes, naming the field, and a GPU that computes wrongly. */
export async function requireBatches(plan: SweepPlan, gpu: SweepGpu): Promise<void> {
  requireNoData(plan)
  await batchesOf(runsOf(plan), gpu)
}

function requireNoData({ spec }: Pick<SweepPlan, 'spec'>): void {
  if (dataHashOf(spec) === undefined) return
  const message = '"dataset" is not computed on a GPU in a sweep; allowed: the processor (`--on here`)'
  throw new LabError('INVALID_SPECIFICATION', `base.task.kind: ${message}`)
}
