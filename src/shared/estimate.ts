import type { ProblemSize } from './benchmark.ts'
import {
  dynamicsOf,
  gradientWork,
  maxExactEquations,
  zeroLossWork,
  type WorkSizes,
  type DynamicsSpec,
} from './dynamics/dynamics.ts'
import { integrators } from './dynamics/integrators.ts'
import { countLogSpacedSteps } from './logSpacedSteps.ts'
import {
  defaultPerDecade,
  stepsOf,
  type ComposedRunSpec,
  type ComposedSpec,
  type ExperimentSpec,
  type RunSpec,
  type StudiedRunSpec,
  type StudiedSpec,
} from './experiment.ts'
import { parametersOf } from './models/models.ts'
import { describeStudy } from './studies/studies.ts'
import { describeTask, taskSizes, type TaskSpec } from './tasks/tasks.ts'
import { toyModels } from './tasks/toy.ts'

/** What one run costs, foreseen from its specification. */
export interface CostEstimate {
  /**
   * Multiply-adds of one step: n²d_h/2 + n³/6 + n²o + 2·n·o·d_h for the isolated layer, per field evaluation; 3·n·o·d_h for
   * training, 3·b·o·d_h on batches of b. Where X is dense, 2·n·m·d_h besides, or 2·b·m·d_h; with biases 2·n·(d_h + o) or
   * 2·b·(d_h + o).
   */
  multiplyAddsPerStep: number
  /** Before the first step: of a study its theory, of a start that is trained each of its steps on all samples. */
  multiplyAddsAtStart: number
  steps: number
  /** Rows of what is measured, those of geometry and chattering alone left out. */
  measurements: number
  /** Seconds for one run at `multiplyAddsPerSecond`, adaptive rejections left out; null where that is not yet measured. */
  seconds: number | null
  /** Those of them before the first step. */
  secondsAtStart: number | null
  /** Bytes of matrices one run holds. */
  memoryBytes: number
  /** Bytes one run writes, before compression. */
  diskBytes: number
  snapshots: number
}

/** Of a measured geometry: some four on the way back to Z, one there, one at the end of the paper's descent. */
const linearizations = 6

/** Of every measurement: step, decay time and seconds. */
const timeColumns = 3

/**
 * Foresees the cost of one run of a specification on a machine that does so many multiply-adds a second of such runs, all
 * that they cost besides included; null where that is not known, and then neither is the time.
 */
export function estimateCost(spec: ExperimentSpec | RunSpec, multiplyAddsPerSecond: number | null): CostEstimate {
  return 'study' in spec ? estimateStudy(spec, multiplyAddsPerSecond) : estimateComposed(spec, multiplyAddsPerSecond)
}

function estimateStudy(spec: StudiedSpec | StudiedRunSpec, multiplyAddsPerSecond: number | null): CostEstimate {
  const { study, record } = spec
  const { work, arrays, panels } = describeStudy(study)
  const { start, place, memoryBytes } = work(study)
  const places = stepsOf(spec) + 1
  const bytesOfPlace = Object.values(arrays(study)).reduce((sum, { rows, columns }) => sum + 8 * rows * columns, 0)
  const measured = panels.reduce((sum, { curves }) => sum + curves.length, 0)
  const snapshots = record.arrays === 'all' ? places : record.arrays === 'ends' ? 2 : record.arrays.length + 2
  return {
    multiplyAddsPerStep: place,
    multiplyAddsAtStart: start,
    steps: places - 1,
    measurements: places,
    seconds: multiplyAddsPerSecond === null ? null : (start + place * places) / multiplyAddsPerSecond,
    secondsAtStart: multiplyAddsPerSecond === null ? null : start / multiplyAddsPerSecond,
    memoryBytes,
    diskBytes: snapshots * bytesOfPlace + places * 8 * (timeColumns + measured),
    snapshots,
  }
}

function estimateComposed(spec: ComposedSpec | ComposedRunSpec, multiplyAddsPerSecond: number | null): CostEstimate {
  const { dynamics, network, record } = spec
  const { train: n, total, inputs: m, outputs: o } = taskSizes(spec.task)
  const h = network.hidden
  const x = describeTask(spec.task).hasDenseInputs ? m : 0
  const shapes = parametersOf(network, { inputs: m, outputs: o })
  const biases = shapes.filter(({ rowsOf }) => rowsOf === 'bias').reduce((sum, { columns }) => sum + columns, 0)
  const parameters = shapes.reduce((sum, { rows, columns }) => sum + rows * columns, 0)
  const sizes = { n, m, o, h, x, biases }
  const multiplyAddsPerStep = workPerStep(dynamics, sizes)
  const measuredSteps = measurementCount(record, dynamics.steps)
  const geometries = record.geometry ? Math.ceil(dynamics.steps / record.geometry.every) : 0
  const batch = dynamics.kind === 'training' ? dynamics.batch : undefined
  // Under batches the gradient of all samples is computed where it is measured.
  const gradients = batch ? measuredSteps * gradientWork(n, sizes) : 0
  const interpolations = isInterpolated(dynamics)
    ? measuredSteps * dynamicsOf(dynamics).evaluationWork(dynamics, sizes)
    : 0
  const geometry = geometries * linearizations * zeroLossWork(sizes)
  const { chattering } = record
  const stepsAhead = chattering ? (Math.floor(dynamics.steps / chattering.every) + 1) * (chattering.ahead + 1) : 0
  const lookingAhead = stepsAhead * (multiplyAddsPerStep + n * (x * h + biases))
  const measuring =
    measuredSteps * total * ((o + x) * h + biases) + gradients + interpolations + geometry + lookingAhead
  const bytes = spec.precision === 'float64' ? 8 : 4
  const order = dynamicsOf(dynamics).systemOrder(sizes)
  const evaluationRows = Math.min(1024, total)
  // Two sizes of batch where the last of an epoch is smaller.
  const stepRows = n + (batch ? batch.size + (n % batch.size) : 0)
  // The data as it came, the parts of it that are trained and measured on, and those again in blocks.
  const inputBytes = x * (8 * total + bytes * (2 * total + stepRows - n))
  const motionValues = stepRows * (2 * h + 3 * o) + order * order + 3 * parameters
  const copyValues = chattering ? motionValues + n * h : 0
  const memoryBytes = inputBytes + bytes * (motionValues + copyValues + evaluationRows * (h + o))
  const snapshots = snapshotCount(spec)
  const { initialization } = spec
  const multiplyAddsAtStart = initialization.kind === 'trained' ? initialization.steps * gradientWork(n, sizes) : 0
  return {
    multiplyAddsPerStep,
    multiplyAddsAtStart,
    steps: dynamics.steps,
    measurements: measuredSteps,
    seconds:
      multiplyAddsPerSecond === null
        ? null
        : (multiplyAddsAtStart + multiplyAddsPerStep * dynamics.steps + measuring) / multiplyAddsPerSecond,
    secondsAtStart: multiplyAddsPerSecond === null ? null : multiplyAddsAtStart / multiplyAddsPerSecond,
    memoryBytes,
    diskBytes: snapshots * parameters * bytes + measuredSteps * 8 * columnCount(spec),
    snapshots,
  }
}

/** The sizes that decide which arithmetic is fastest: for the zero-loss flow the order of its Gram matrix is n. */
export function problemSize(spec: ExperimentSpec | RunSpec): ProblemSize {
  // A study is computed by its own code, whatever the arithmetic.
  if ('study' in spec) return { p: 1, hidden: 1, n: 1 }
  const { train, outputs } = taskSizes(spec.task)
  const n = spec.dynamics.kind === 'zeroLossFlow' ? Math.min(train * outputs, maxExactEquations) : train
  return { p: outputs, hidden: spec.network.hidden, n }
}

function workPerStep(dynamics: DynamicsSpec, sizes: WorkSizes): number {
  const stages = dynamics.kind === 'training' ? 1 : integrators[dynamics.integrator.kind].stages
  return stages * dynamicsOf(dynamics).evaluationWork(dynamics, sizes)
}

/** What is recorded within an adaptive step is interpolated, and the field evaluated there. */
function isInterpolated(dynamics: DynamicsSpec): boolean {
  return dynamics.kind !== 'training' && dynamics.integrator.output === 'dense'
}

/** The columns of a composed run's measurements; each has a number in every row. */
function columnCount({ task, dynamics, record }: ComposedSpec | ComposedRunSpec): number {
  const ofGeometry = record.geometry ? 4 : 0
  const ofChattering = record.chattering ? 1 : 0
  const ofDynamics = dynamicsOf(dynamics).measures(dynamics).length
  return timeColumns + evaluatedCount(task, dynamics) + ofDynamics + ofGeometry + ofChattering
}

/** How much is measured whatever the dynamics: of a network errors, answers and both norms. */
function evaluatedCount(task: TaskSpec, dynamics: DynamicsSpec): number {
  if (task.kind === 'toy') return task.start.length + (toyModels[task.model].isLinear ? 4 : 3)
  const loss = dynamics.kind === 'training' ? dynamics.loss : undefined
  const parts = taskSizes(task).test > 0 ? 2 : 1
  const answers = describeTask(task).targets(task) === 'classes' ? 2 : 0
  const ofPart = 1 + answers + (loss === 'crossEntropy' ? 1 : 0)
  return parts * ofPart + (loss === 'meanSquaredError' ? 1 : 0) + 2
}

function measurementCount(
  { measureEvery, perDecade = defaultPerDecade }: ComposedSpec['record'],
  steps: number,
): number {
  return 1 + (measureEvery === 'log' ? countLogSpacedSteps(perDecade, steps) : Math.ceil(steps / measureEvery))
}

function snapshotCount({ record, dynamics }: ComposedSpec | ComposedRunSpec): number {
  if (record.snapshots === 'events') return 5
  if (record.snapshots !== 'log') return record.snapshots.length + 5
  return Math.ceil(10 * Math.log10(dynamics.steps + 1)) + 5
}
