import { isOutcome, LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import type { DynamicsSpec } from '../../shared/dynamics/dynamics.ts'
import { formatNumber } from '../../shared/formatting/formatNumber.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import { version } from '../../shared/version.ts'
import { choicesIn } from './backend/choiceMemory.ts'
import { withSteps, type CudaBackend, type StepChoice } from './backend/cuda/cudaBackend.ts'
import { isolatedField } from './dynamics/isolatedField.ts'
import { isFusedIn, isolatedEvolution, takesFusedSteps } from './evolutions/isolatedEvolution.ts'
import { prepareNetwork } from './prepareNetwork.ts'
import { testFusedSteps } from './testCuda.ts'
import type { DeviceFindings } from './testSteps.ts'
import type { GivenRun } from './webgpu/plannedTraining.ts'

type IsolatedRun = ComposedRunSpec & {
  task: NetworkTask
  dynamics: Extract<DynamicsSpec, { kind: 'isolated' }>
}

const [warmUpSteps, timedSteps] = [31, 32]
/** So short that the state stays where it is. */
const timedStepSize = 1e-9

/**
 * How a run on a card takes Euler's steps of the isolated layer: by the libraries, or many in one launch of a kernel where that passes its
 * test and is faster on data of the run's own sizes; what was found is remembered for this card, this program and these sizes, since
 * the bits differ. The kernel is tested before every run that takes it. A run that goes on takes them as it began. Undefined where
 * there is no choice. The card has been tested. Throws BACKEND_UNAVAILABLE where a run goes on by the kernel, and that fails its test.
 */
export async function chooseCudaSteps(backend: CudaBackend, run: GivenRun): Promise<StepChoice | undefined> {
  const { spec } = run
  if (!isIsolatedRun(spec) || !takesFusedSteps(spec.dynamics)) return undefined
  try {
    const network = drawnNetwork(backend, spec, run)
    if (!isolatedField(network, spec.dynamics.ridge).fused) return undefined
    const { X, Y } = network.train
    const sizes = [X.rows, network.parameters[0]!.matrix.rows, Y.columns, spec.network.hidden]
    const key = JSON.stringify([version, backend.description, sizes, spec.network.activation, spec.dynamics.ridge > 0])
    const choices = choicesIn(process.env['GROKSCOPE_CUDA_STEPS'], isStepChoice)
    const made = run.resumeFrom
      ? { isFused: isFusedIn(run.resumeFrom.scalars), reason: 'steps as the run began' }
      : choices.recall(key)
    if (made && !made.isFused) return made
    const wrong = faultOf(testFusedSteps(backend))
    if (wrong !== undefined && run.resumeFrom)
      throw new LabError('BACKEND_UNAVAILABLE', `${wrong}, and the run began by it`)
    if (wrong !== undefined) return { isFused: false, reason: wrong }
    if (made) return made
    const choice = fasterOf(secondsOf(true), secondsOf(false))
    await choices.remember(key, choice)
    return choice
  } catch (error) {
    // Of data of these sizes, not of the run, which is still to come.
    if (run.resumeFrom || !(error instanceof LabError) || !isOutcome(error.code)) throw error
    return { isFused: false, reason: `steps could not be timed: ${error.message}` }
  } finally {
    backend.clear()
  }

  /** Seconds of a step, many given at once. */
  function secondsOf(isFused: boolean): number {
    const { dynamics } = spec as IsolatedRun
    backend.clear()
    const network = drawnNetwork(withSteps(backend, { isFused, reason: '' }), spec as IsolatedRun, run)
    const integrator = { ...dynamics.integrator, stepSize: timedStepSize }
    const evolution = isolatedEvolution(network, { ...dynamics, integrator })
    const advance = (from: number, to: number) => {
      for (let at = from; at < to;) at = evolution.advance(at, to, to) as number
    }
    void evolution.begin(0)
    advance(0, warmUpSteps)
    const since = performance.now()
    advance(warmUpSteps, warmUpSteps + timedSteps)
    return (performance.now() - since) / 1000 / timedSteps
  }
}

function faultOf({ failure, repeats }: DeviceFindings): string | undefined {
  if (failure !== undefined) return `the kernel of whole steps computes wrongly: ${failure}`
  return repeats ? undefined : 'the kernel of whole steps does not repeat its bits'
}

function fasterOf(fused: number, byLibraries: number): StepChoice {
  const [inKernel, inLibraries] = [fused, byLibraries].map((seconds) => `${formatNumber(1000 * seconds, 3)} ms`)
  const reason = `a step takes ${inKernel} where one kernel takes many, ${inLibraries} by cuBLAS and cuSOLVER`
  return { isFused: fused < byLibraries, reason }
}

/** The run's split, with weights drawn as where nothing is said of them. */
function drawnNetwork(backend: CudaBackend, spec: IsolatedRun, { initial, dataset }: GivenRun) {
  const initialization = { kind: 'normal', standardDeviation: 'p^-1/2' } as const
  const start = initial?.train ? { parameters: {}, train: initial.train } : undefined
  return prepareNetwork({ ...spec, initialization }, backend, start, dataset).network
}

function isIsolatedRun(spec: GivenRun['spec']): spec is IsolatedRun {
  return !('study' in spec) && spec.dynamics.kind === 'isolated' && spec.task.kind !== 'toy'
}

function isStepChoice(value: unknown): value is StepChoice {
  const { isFused, reason } = (value ?? {}) as Partial<StepChoice>
  return typeof isFused === 'boolean' && typeof reason === 'string'
}
