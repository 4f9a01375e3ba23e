import type { TensorFlowDescription } from '../../../shared/machine.ts'
import { describeDevice } from '../backend/describeDevice.ts'
import { findTensorFlow, installation } from '../backend/findTensorFlow.ts'
import { forkProbe } from '../backend/forkProbe.ts'
import type { RunProbe } from '../backend/probe.ts'
import type { ProblemSizes } from '../backend/timeStep.ts'

/**
 * Looks for TensorFlow, and where all of it is there loads, tests and times it in a process of its own: some versions end the
 * process where a library of CUDA is missing.
 */
export async function describeTensorFlow(
  sizes: ProblemSizes,
  runProbe: RunProbe = forkProbe,
): Promise<TensorFlowDescription> {
  const { missing, place } = await findTensorFlow()
  if (missing) return { available: false, ...missing, ...(place !== undefined && { place }) }
  const { found, lastWords } = await describeDevice('tensorflow', sizes, runProbe)
  const libraries = librariesMissing(lastWords)
  if (found.available || libraries.length === 0) return found
  return {
    available: false,
    reason: `${found.reason}; not found: ${libraries.join(', ')}`,
    part: 'cuda',
    place: place!,
    install: installation,
  }
}

/** As TensorFlow's loader names them where it is told to (TF_CPP_VMODULE=dso_loader=1). */
function librariesMissing(text: string): string[] {
  return [...new Set([...text.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name!))]
}
