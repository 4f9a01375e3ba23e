import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import { batchSizes } from '../dynamics/batches.ts'
import { backwardKernel, bestFusedForm, forwardKernel, type FusedForm } from './fusedKernels.ts'
import { compilerOf, type Kernel } from './kernel.ts'
import { clampKernel, clippedUpdateKernel, normKernel } from './normKernels.ts'
import { momentNames, optimizerCode } from './optimizerKernels.ts'
import {
  backKernel,
  cotangentKernel,
  firstLayerKernel,
  gradientKernel,
  hiddenKernel,
  outputsKernel,
  secondLayerKernel,
} from './productKernels.ts'
import { features, firstLayerEntries, parameterEntries, parametersOf, type StepShape } from './stepShape.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import { tilingsOf } from './tilings.ts'

/** Which kernels compute the gradient of a step. */
export interface KernelChoice {
  /** The form of the two kernels of what is small; without it, there is one for each product and what stands between them. */
  readonly fused: FusedForm | undefined
  readonly tilings: Tilings
}

/** What suits a step by its shape alone. */
export function kernelChoice(shape: StepShape): KernelChoice {
  return { fused: bestFusedForm(shape), tilings: tilingsOf(shape) }
}

/** The same, with other tilings for the products of steps of a training. */
export function tunedChoice({ shape, dynamics }: PlannedTraining, tilings: Tilings | undefined) {
  const { samples } = stepShape(shape, dynamics)
  return (each: StepShape): KernelChoice => {
    const usual = kernelChoice(each)
    return tilings && each.samples === samples ? { ...usual, tilings } : usual
  }
}

/** The kernels of a training. */
export interface TrainingPlan {
  /** Of the gradient of all samples, and of the steps, whose largest batch has fewer where it has batches. */
  readonly shapes: { readonly all: StepShape; readonly ofStep: StepShape }
  /** What a step does, in this order. */
  readonly step: readonly Kernel[]
  /** Whether it writes θ beside the θ that it reads. */
  readonly isExchanging: boolean
  /** Sets the norm of θ, where one is set. */
  readonly clamp: readonly Kernel[]
  /** Stores the gradient of all samples. */
  readonly whole: readonly Kernel[]
  /** Numbers that its kernels leave to one another, by buffer. */
  readonly intermediates: ReturnType<typeof intermediatesOf>
}

/** What kernels of a training are written for. */
export interface PlannedTraining {
  /** Of the gradient of all samples. */
  readonly shape: StepShape
  readonly dynamics: Pick<TrainingSpec, 'optimizer' | 'batch' | 'maxGradientNorm'>
  /** Whether the norm of θ is set in any of its steps. */
  readonly isClamped: boolean
}

/** Of a step: the largest batch, where it has batches. */
export function stepShape(all: StepShape, { batch }: Pick<TrainingSpec, 'batch'>): StepShape {
  return batch ? { ...all, samples: Math.max(...batchSizes(all.samples, batch)) } : all
}

export function isClampedIn({ interventions }: Pick<ComposedRunSpec, 'interventions'>): boolean {
  return interventions.some(({ kind }) => kind === 'clampNorm')
}

/** Plans the kernels of a training. */
export function planTraining(
  { shape: all, dynamics, isClamped }: PlannedTraining,
  choose: (shape: StepShape) => KernelChoice = kernelChoice,
): TrainingPlan {
  const ofStep = stepShape(all, dynamics)
  const parameters = parametersOf(all)
  return {
    shapes: { all, ofStep },
    ...planStep(dynamics, ofStep, choose(ofStep)),
    clamp: isClamped ? [normKernel(parameters), clampKernel(parameters)] : [],
    whole: gradientKernels(all, choose(all), storedGradient),
    intermediates: largest(intermediatesOf(all, choose(all)), intermediatesOf(ofStep, choose(ofStep))),
  }
}

/** Compiles all kernels of a training, so that its first step waits for none; tells how many are. */
export async function compileTraining(
  gpu: GPUDevice,
  training: PlannedTraining,
  {
    choose,
    onCompiled,
  }: {
    choose?: ((shape: StepShape) => KernelChoice) | undefined
    onCompiled?: (done: number, of: number) => void
  } = {},
): Promise<void> {
  const { step, clamp, whole } = planTraining(training, choose)
  const kernels = [...step, ...clamp, ...whole]
  const { compile } = compilerOf(gpu)
  let done = 0
  onCompiled?.(done, kernels.length)
  await Promise.all(
    kernels.map(async (kernel) => {
      await compile(kernel)
      onCompiled?.(++done, kernels.length)
    }),
  )
}

function planStep(
  { optimizer: { kind }, maxGradientNorm }: PlannedTraining['dynamics'],
  shape: StepShape,
  choice: KernelChoice,
): Pick<TrainingPlan, 'step' | 'isExchanging'> {
  const parameters = parametersOf(shape)
  const entries = parameterEntries(shape)
  const moments: Kernel['bindings'] = momentNames[kind].length > 0 ? { moments: 'writable f32' } : {}
  const inPlace = {
    bindings: { theta: 'writable f32' as const, ...moments },
    code: optimizerCode(kind, entries, ['theta', 'theta']),
  }
  if (maxGradientNorm !== undefined) {
    const step = [
      ...gradientKernels(shape, choice, storedGradient),
      normKernel(parameters),
      clippedUpdateKernel(parameters, inPlace),
    ]
    return { step, isExchanging: false }
  }
  if (!choice.fused) return { step: gradientKernels(shape, choice, inPlace), isExchanging: false }
  const beside = {
    bindings: { next: 'writable f32' as const, ...moments },
    code: optimizerCode(kind, entries, ['theta', 'next']),
  }
  return { step: gradientKernels(shape, choice, beside), isExchanging: true }
}

const storedGradient = {
  bindings: { gradient: 'writable f32' },
  code: 'fn take(at: u32, value: f32) { gradient[at] = value; }',
} as const

/** The gradient at θ, each entry of which goes to `sink`. */
export function gradientKernels(
  shape: StepShape,
  { fused, tilings }: KernelChoice,
  sink: Pick<Kernel, 'bindings' | 'code'>,
): Kernel[] {
  if (fused) return [forwardKernel(shape, fused), backwardKernel(shape, fused, sink)]
  return [
    hiddenKernel(shape, tilings),
    outputsKernel(shape, tilings),
    cotangentKernel(shape, tilings),
    backKernel(shape, tilings),
    secondLayerKernel(shape, tilings),
    ...(shape.perRow === undefined ? [firstLayerKernel(shape, tilings)] : []),
    gradientKernel(shape, tilings, sink),
  ]
}

/** Numbers that the kernels of a gradient leave to one another, by buffer. */
export function intermediatesOf(shape: StepShape, { fused, tilings }: KernelChoice) {
  const { samples, hidden, outputs } = shape
  const isInProducts = fused ? 0 : 1
  return {
    cotangent: samples * outputs,
    preactivations: isInProducts * samples * hidden,
    hidden: isInProducts * samples * hidden,
    back: isInProducts * samples * hidden,
    outputs: isInProducts * tilings.outputs.parts * samples * outputs,
    secondParts: isInProducts * tilings.secondLayer.parts * features(shape) * outputs,
    firstParts: isInProducts * (shape.perRow === undefined ? tilings.firstLayer.parts * firstLayerEntries(shape) : 0),
  }
}

/** The larger of each two sizes. */
export function largest<Sizes extends Record<string, number>>(some: Sizes, others: Sizes): Sizes {
  return Object.fromEntries(Object.entries(some).map(([name, size]) => [name, Math.max(size, others[name]!)])) as Sizes
}
