import { multiplyAdds, type ProblemSize } from '../../../shared/benchmark.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type {
  BackendDescription,
  DeviceDescription,
  Remedy,
  TensorFlowDescription,
  TrainingDevice,
} from '../../../shared/machine.ts'
import { blasRemedy } from '../../lab/backend/blas/findBlasLibraries.ts'
import { describeCuda } from '../../lab/backend/cuda/describeCuda.ts'
import { chooseBackend } from '../../lab/backend/chooseBackend.ts'
import type { BackendChoice } from '../../lab/backend/choiceMemory.ts'
import type { RunProbe } from '../../lab/backend/probe.ts'
import { describeTensorFlow } from '../../lab/tensorflow/describeTensorFlow.ts'
import { describeWebGpu } from '../../lab/webgpu/describeWebGpu.ts'
import type { BackendSelection, ChoiceRequest } from '../messages.ts'

const typicalSize: ProblemSize = { p: 37, hidden: 512, n: 492 }

/** The backend that was asked for, or the fastest, as it is measured at the sizes of a job on this machine. */
export async function chooseJobBackend(request: ChoiceRequest, runProbe?: RunProbe): Promise<BackendSelection> {
  return toSelection(await choose(request, runProbe))
}

/** Every kind of arithmetic, as found and measured on this machine at the size of Figure 6 in float64. */
export async function describeBackends(
  limits: Pick<ChoiceRequest, 'cacheFolder' | 'maxThreads'>,
  runProbe?: RunProbe,
): Promise<BackendDescription[]> {
  const typical = { size: typicalSize, precision: 'float64', backend: { kind: 'auto' } } as const
  const choice = await choose({ ...typical, ...limits }, runProbe)
  const perStep = multiplyAdds({ operation: 'isolatedStep', size: typicalSize, precision: 'float64' })
  const measured = (kind: 'plain' | 'wasm' | 'blas', absent: string): BackendDescription => {
    const timings = choice.timings.filter((timing) => timing.kind === kind)
    const best = timings.filter(({ seconds }) => seconds !== undefined).sort((a, b) => a.seconds! - b.seconds!)[0]
    const chosen = choice.kind === kind
    return {
      kind,
      description: best?.description ?? (kind === 'plain' ? 'plain TypeScript' : ''),
      available: kind === 'plain' || best !== undefined,
      reason: kind === 'plain' || best ? null : (timings.find(({ failure }) => failure)?.failure ?? absent),
      ...remedy(best || kind !== 'blas' ? {} : blasRemedy()),
      precisions: ['float64', 'float32'],
      chosen,
      choice: chosen ? choice.reason : null,
      multiplyAddsPerSecond: best ? perStep / best.seconds! : null,
    }
  }
  const others = [
    measured('blas', 'no BLAS library was found'),
    measured('wasm', 'its kernels do not load'),
    measured('plain', ''),
  ]
  const cuda = describeWhole(await describeCuda(typicalSizes, runProbe), perStep)
  const rate = others.find(({ chosen }) => chosen)?.multiplyAddsPerSecond ?? 0
  const webgpu = await describeWebGpu(typicalSizes, runProbe)
  const tensorflow = await describeTensorFlowHere(runProbe)
  return [...others, cuda, describePaying('webgpu', webgpu, rate), describePaying('tensorflow', tensorflow, rate)]
}

const typicalSizes = { samples: typicalSize.n, hidden: typicalSize.hidden, outputs: typicalSize.p }

/** TensorFlow on its device. */
export function describeTensorFlowHere(runProbe?: RunProbe): Promise<TensorFlowDescription> {
  return describeTensorFlow(typicalSizes, runProbe)
}

/** A device, and from which size on it is faster than so many multiply-adds a second of what runs use else. */
function describePaying(kind: TrainingDevice, found: DeviceDescription, rate: number): BackendDescription {
  const common = { kind, precisions: ['float32' as const], chosen: false }
  if (!found.available) return { ...common, ...absence(found) }
  const { device, seconds } = found
  const work = multiplyAdds({ operation: 'trainingStep', size: typicalSize, precision: 'float32' })
  const step = describeStep('AdamW', seconds)
  const paysFrom = seconds * rate
  const pays = `pays from about ${formatNumber(paysFrom / 1e6, 2)} million multiply-adds a step on; this has ${formatNumber(work / 1e6, 2)}`
  return {
    ...common,
    description: device,
    available: true,
    reason: null,
    ...remedy({}),
    choice: `for training, where it is asked for, in a process of plain Node; ${step}; ${pays}`,
    multiplyAddsPerSecond: work / seconds,
    paysFrom,
  }
}

/** CUDA, which computes everything in float64, with the multiply-adds of an isolated step. */
function describeWhole(found: DeviceDescription, work: number): BackendDescription {
  const common = { kind: 'cuda' as const, precisions: ['float64' as const], chosen: false }
  if (!found.available) return { ...common, ...absence(found) }
  const { device, seconds } = found
  return {
    ...common,
    description: device,
    available: true,
    reason: null,
    ...remedy({}),
    choice: `for all dynamics, where it is asked for; ${describeStep('the isolated first layer', seconds)}`,
    multiplyAddsPerSecond: work / seconds,
  }
}

function absence({
  reason,
  ...found
}: DeviceDescription & { available: false }): Omit<BackendDescription, 'kind' | 'precisions' | 'chosen'> {
  return {
    description: '',
    available: false,
    reason,
    ...remedy(found),
    choice: null,
    multiplyAddsPerSecond: null,
  }
}

function remedy({ install, advice }: Remedy): Pick<BackendDescription, 'install' | 'advice'> {
  return { install: install ?? null, advice: advice ?? null }
}

function describeStep(name: string, seconds: number): string {
  const { n, hidden, p } = typicalSize
  return `${formatNumber(1000 * seconds, 3)} ms for a step of ${name} on n = ${n}, d_h = ${hidden}, p = ${p}`
}

function choose(
  { size, backend: { kind, threads, device }, ...limits }: Omit<ChoiceRequest, 'multiplyAddsPerStep'>,
  runProbe: RunProbe | undefined,
): Promise<BackendChoice> {
  return chooseBackend({
    ...limits,
    sizes: { samples: size.n, hidden: size.hidden, outputs: size.p },
    backend: kind === 'auto' ? undefined : kind,
    threads,
    device,
    runProbe,
  })
}

function toSelection({ kind, library, threads, reason }: BackendChoice): BackendSelection {
  return { kind, ...(library ? { library } : {}), threads, reason }
}
