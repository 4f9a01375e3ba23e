import { LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec, InitializationSpec } from '../../shared/experiment.ts'
import { nameThings } from '../../shared/formatting/countThings.ts'
import type { InitialState } from '../../shared/run.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import type { Backend, Matrix } from './backend/backend.ts'
import { createModel } from './models/createModel.ts'
import { createNetwork, matricesOf } from './network/network.ts'
import type { Network } from './network/model.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import { splitFrom, taskSplit } from './tasks/split.ts'
import type { Split } from './tasks/task.ts'
import { taskData } from './tasks/taskData.ts'
import { lossGradient } from './dynamics/lossGradient.ts'
import { createOptimizer } from './dynamics/optimizers.ts'
import { normOf } from './network/matrixLists.ts'

interface Prepared {
  network: Network
  split: Split
}

/** A start that is being trained: on which samples, and for how many of its steps it was by now. */
export interface StartInTraining {
  train: Int32Array
  done: number
  of: number
}

/** The data and the network of a run at its start: drawn from the seed, or given. */
export function prepareNetwork(...run: Parameters<typeof preparingNetwork>): Prepared {
  const preparing = preparingNetwork(...run)
  for (;;) {
    const { done, value } = preparing.next()
    if (done) return value
  }
}

/** The same, which says how far it is before each step of a start that is trained. */
export function* preparingNetwork(
  spec: ComposedRunSpec & { task: NetworkTask },
  backend: Backend,
  initial: InitialState | undefined,
  dataset: Dataset | undefined,
): Generator<StartInTraining, Prepared> {
  const data = taskData(spec.task, spec.seed, dataset)
  const split = initial?.train ? splitFrom(initial.train, data.size) : taskSplit(spec.task, spec.seed, dataset)
  requireEnoughUnits(spec, split)
  const model = createModel(spec.network)
  const network = createNetwork(backend, data, split, model)
  const { parameters } = network
  if (!initial && spec.initialization.kind === 'file') {
    throw new LabError('INVALID_SPECIFICATION', 'initialization.kind: "file" needs the matrices that the file holds')
  }
  const given = initial?.parameters ?? {}
  const isGiven = parameters.every(({ name }) => given[name])
  if (!isGiven) model.draw(spec.initialization, spec.seed, network)
  if (!initial && spec.initialization.kind === 'trained') {
    const { steps } = spec.initialization
    for (const done of trainStart(network, spec.initialization)) yield { train: split.train, done, of: steps }
  }
  scaleParameters(network, spec.initialization)
  // What is given is not scaled here: a file's where it is read, that of another run is as it was.
  for (const { name, matrix } of parameters) if (given[name]) copyInto(backend, name, given[name], matrix)
  return { network, split }
}

/** A run whose state is about to be restored: a start that is trained need not be, and is only drawn. */
export function withoutTraining<Spec extends Pick<ComposedRunSpec, 'initialization'>>(spec: Spec): Spec {
  return spec.initialization.kind === 'trained' ? { ...spec, initialization: { kind: 'uniform' } } : spec
}

/** θ_0 ← α·θ_0. */
function scaleParameters(network: Network, { scale = 1 }: ComposedRunSpec['initialization']): void {
  if (scale === 1) return
  for (const matrix of matricesOf(network)) network.backend.scale(scale, matrix)
}

function requireEnoughUnits(spec: ComposedRunSpec, split: Split): void {
  const { dynamics, network } = spec
  if (dynamics.kind === 'isolated' && dynamics.ridge === 0 && network.hidden < split.train.length) {
    throw new LabError(
      'INVALID_SPECIFICATION',
      `network.hidden: ${network.hidden} is below the ${split.train.length} training pairs, and with ridge 0 the matrix ` +
        `HHᵀ must be invertible: set network.hidden to at least ${split.train.length}, or dynamics.ridge above 0`,
    )
  }
}

function copyInto(backend: Backend, name: string, from: MatrixData, to: Matrix): void {
  if (from.rows !== to.rows || from.columns !== to.columns) {
    throw new LabError(
      'INVALID_FILE',
      `${name} is ${from.rows} × ${from.columns}; this specification needs ${to.rows} × ${to.columns}`,
    )
  }
  backend.upload(to, from.data)
}

/**
 * Trains a network's drawn weights in place, by full-batch gradient descent on the mean squared error with weight decay,
 * for so many steps: a memorizing state from which several dynamics can start alike. Throws DIVERGED where it diverges.
 */
function* trainStart(
  network: Network,
  spec: Extract<InitializationSpec, { kind: 'trained' }>,
): Generator<number, void> {
  const { backend, parameters } = network
  const field = lossGradient(network, { loss: 'meanSquaredError', reduction: 'mean' })
  const optimizer = createOptimizer(backend, { optimizer: { kind: 'gradientDescent' } }, parameters, field.gradient)
  for (let step = 0; step < spec.steps; step++) {
    yield step
    field.evaluate()
    optimizer.step({ learningRate: spec.learningRate, weightDecay: spec.weightDecay, gradientScale: 1 })
  }
  if (!Number.isFinite(normOf(backend, matricesOf(network)))) {
    const message = `initialization: training with learningRate ${spec.learningRate} left the finite numbers`
    throw new LabError('DIVERGED', `${message} within ${spec.steps} ${nameThings(spec.steps, 'step')}`)
  }
}
