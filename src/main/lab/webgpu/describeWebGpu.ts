import type { DeviceDescription } from '../../../shared/machine.ts'
import { describeDevice } from '../backend/describeDevice.ts'
import { forkProbe } from '../backend/forkProbe.ts'
import type { RunProbe } from '../backend/probe.ts'
import type { ProblemSizes } from '../backend/timeStep.ts'
import { dawnsReason } from '../../../shared/dawnsReason.ts'

/** Loads, tests and times a GPU by WebGPU in a process of its own. Where there is none, Dawn's own words say why. */
export async function describeWebGpu(sizes: ProblemSizes, runProbe: RunProbe = forkProbe): Promise<DeviceDescription> {
  const { found, lastWords } = await describeDevice('webgpu', sizes, runProbe)
  const words = dawnsReason(lastWords)
  return found.available || words === undefined ? found : { ...found, reason: `${found.reason}: ${words}` }
}
