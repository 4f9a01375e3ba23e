import type { BatchDevice } from './batchPlan.ts'
import type { BatchShape } from './batchShape.ts'
import { gridDevice, gridPlaces } from './gridDevice.ts'
import { workgroupDevice } from './workgroupDevice.ts'

const defaultPlaces = 1024

/** Runs of a shape at a time, at most. Throws OUT_OF_MEMORY where a GPU has no room for one. */
export function placesFor(shape: BatchShape, { limits }: GPUDevice): number {
  return shape.form === 'workgroup' ? defaultPlaces : gridPlaces(shape, limits)
}

/** So many places for runs of a shape on a GPU. Throws OUT_OF_MEMORY where the device has no room for them. */
export function batchDevice(gpu: GPUDevice, shape: BatchShape, places: number): Promise<BatchDevice> {
  return (shape.form === 'workgroup' ? workgroupDevice : gridDevice)(gpu, shape, places)
}
