import type { DeviceDescription } from '../../../../shared/machine.ts'
import { describeDevice } from '../describeDevice.ts'
import { forkProbe } from '../forkProbe.ts'
import type { RunProbe } from '../probe.ts'
import type { ProblemSizes } from '../timeStep.ts'

/** Loads, tests and times a card by CUDA in a process of its own. */
export async function describeCuda(sizes: ProblemSizes, runProbe: RunProbe = forkProbe): Promise<DeviceDescription> {
  return (await describeDevice('cuda', sizes, runProbe)).found
}
