import type { RunSpec } from '../../../../shared/experiment.ts'
import type { WebGpuBackend } from '../../backend/webgpu.ts'
import { batchShapeOf } from './batchShapeOf.ts'

/** Runs by their shapes, that of the first one first. Throws, naming the field, for one that no batch computes. */
export function batchesOf<Run extends { readonly spec: RunSpec }>(
  runs: readonly Run[],
  { gpu }: WebGpuBackend,
): Run[][] {
  const batches = new Map<string, Run[]>()
  for (const run of runs) {
    const shape = JSON.stringify(batchShapeOf(run.spec, gpu.limits))
    const batch = batches.get(shape) ?? []
    batches.set(shape, batch)
    batch.push(run)
  }
  return [...batches.values()]
}
