import type { Preparation } from '../../../shared/preparation.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import type { Backend } from '../../lab/backend/backend.ts'
import { blasEnvironment } from '../../lab/backend/blas/blasEnvironment.ts'
import { isDevice } from '../../lab/backend/devices.ts'
import { openBackend } from '../../lab/backend/openBackend.ts'
import { tested } from '../../lab/testedDevice.ts'
import type { GivenRun } from '../../lab/webgpu/plannedTraining.ts'
import type { BackendSelection } from '../messages.ts'

/**
 * Opens the arithmetic settled for a job in this worker. A BLAS library reads its environment once, when it is loaded, so
 * its variables are set here, before that. A device is tested before every job, by WebGPU for the run that it is: BLAS is when it is
 * chosen.
 */
export async function openJobBackend(
  selection: Omit<BackendSelection, 'reason'>,
  precision: Precision,
  run?: GivenRun,
  onPreparing?: (preparation: Preparation) => void,
): Promise<Backend> {
  if (selection.kind === 'blas') Object.assign(process.env, blasEnvironment(selection.threads))
  const backend = await openBackend({ ...selection, precision })
  return isDevice(backend) ? tested(backend, run, onPreparing) : backend
}
