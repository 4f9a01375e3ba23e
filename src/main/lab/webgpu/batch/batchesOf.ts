import type { RunSpec } from '../../../../shared/experiment.ts'
import type { WebGpuBackend } from '../../backend/webgpu.ts'
import { placesFor } from './batchDevice.ts'
import type { BatchForm } from './batchShape.ts'
import { batchShapeOf } from './batchShapeOf.ts'
import { requireTested } from './testBatch.ts'

/**
 * Runs by their shapes, that of the first one first, on a GPU that is tested in the forms that compute them. Throws, naming the field,
 * for one that no batch computes, OUT_OF_MEMORY where the GPU has no room for it, and BACKEND_UNAVAILABLE where it computes wrongly.
 */
export async function batchesOf<Run extends { readonly spec: RunSpec }>(
  runs: readonly Run[],
  backend: WebGpuBackend,
): Promise<Run[][]> {
  const batches = new Map<string, Run[]>()
  const forms = new Set<BatchForm>()
  for (const run of runs) {
    const shaped = batchShapeOf(run.spec, backend.gpu.limits)
    forms.add(shaped.form)
    const shape = JSON.stringify(shaped)
    if (!batches.has(shape)) placesFor(shaped, backend.gpu)
    const batch = batches.get(shape) ?? []
    batches.set(shape, batch)
    batch.push(run)
  }
  for (const form of forms) await requireTested(backend, form)
  return [...batches.values()]
}
