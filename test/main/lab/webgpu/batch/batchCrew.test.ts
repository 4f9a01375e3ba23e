import { describe, expect, it, vi } from 'vitest'
import { plainBackend } from '../../../../../src/main/lab/backend/plain.ts'
import { loadNullDevice, webGpuBackend } from '../../../../../src/main/lab/backend/webgpu.ts'
import type { BatchOptions, RunOfBatch } from '../../../../../src/main/lab/webgpu/batch/batchCrew.ts'
import type { BatchDevice, BatchPlan, Told, ToldState } from '../../../../../src/main/lab/webgpu/batch/batchPlan.ts'
import { toldNumbers } from '../../../../../src/main/lab/webgpu/batch/batchFields.ts'
import { batchShapeOf, type BatchableSpec } from '../../../../../src/main/lab/webgpu/batch/batchShapeOf.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { eventsOf, runSpec, snapshotAt } from '../../../../support/runs.ts'

/** A device that leaves its states as they are, and tells of each the same. */
const device = vi.hoisted(() => ({ onTaken: (_: readonly (BatchPlan | undefined)[]) => {} }))
vi.mock('../../../../../src/main/lab/webgpu/batch/batchDevice.ts', () => ({ batchDevice: () => standIn() }))
const { batchCrew } = await import('../../../../../src/main/lab/webgpu/batch/batchCrew.ts')

const told = Object.fromEntries(toldNumbers.map((name) => [name, 0.5])) as ToldState
const tell = (plan: BatchPlan | undefined): Told => ({
  states: (plan?.isRecorded ?? []).filter(Boolean).map(() => told),
  failedAt: undefined,
})

function standIn(): BatchDevice {
  const states = new Map<number, Float32Array>()
  return {
    mostSteps: 4,
    put: (place, _, state) => void states.set(place, state),
    send: (place, state) => void states.set(place, state),
    take(plans) {
      device.onTaken(plans)
      return Promise.resolve({ told: plans.map(tell), milliseconds: 20 })
    },
    read: (places) => Promise.resolve(places.map((place) => states.get(place)!)),
    retake: (plans) =>
      Promise.resolve({
        told: plans.map(tell),
        milliseconds: 20,
        states: plans.map((plan, place) => plan && states.get(place)),
      }),
    end: () => {},
  }
}

const at = 6
const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 32 },
  dynamics: { kind: 'training', learningRate: 0.05, weightDecay: 1e-2, steps: 12 },
  precision: 'float32',
  interventions: [{ at, kind: 'rescale', layer: 'first', factor: 0.5 }],
  record: { measureEvery: 3, snapshots: [] },
}) as BatchableSpec

async function collect(run: Partial<RunOfBatch> = {}, options: Pick<BatchOptions, 'signal'> = {}): Promise<RunEvent[]> {
  const backend = webGpuBackend(await loadNullDevice(), plainBackend('float32'))
  const shape = batchShapeOf(spec, backend.gpu.limits)
  const events: RunEvent[] = []
  const waiting = [{ runId: 'r', spec, ...run }].values()
  for await (const some of batchCrew(waiting, { backend, shape, places: 1, ...options })) events.push(...some)
  return events
}

const measuredAt = (events: readonly RunEvent[]) => eventsOf(events, 'measured').map(({ step }) => step)

describe('a run of a batch that is stopped exactly at an intervention', () => {
  it('is recorded there, saved as it is after that, and goes on with the next step', async () => {
    const whole = await collect()
    expect(measuredAt(whole)).toEqual([0, 3, 6, 9, 12])
    const stop = new AbortController()
    device.onTaken = ([plan]) => {
      const last = plan?.steps.at(-1)
      if (last && last.position + 1 === at) stop.abort()
    }
    const begun = await collect({}, { signal: stop.signal })
    expect(eventsOf(begun, 'settled')).toMatchObject([{ status: 'cancelled', step: at }])
    expect(measuredAt(begun)).toEqual([0, 3, 6])
    const { snapshot } = eventsOf(begun, 'snapshot').at(-1)!
    expect([snapshot.step, snapshot.reason]).toEqual([at, 'checkpoint'])
    // Half of what it was at the start: the device takes no step.
    const [before, after] = [snapshotAt(begun, 0), snapshot].map(({ matrices }) => matrices['E']!.data)
    expect(after).toEqual(before!.map((entry) => entry / 2))
    const rest = await collect({ resumeFrom: snapshot })
    expect(measuredAt(rest)).toEqual([9, 12])
  })
})
