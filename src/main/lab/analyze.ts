import type {
  AnalysisInput,
  AnalysisKind,
  AnalysisResult,
  FourierAnalysis,
  HiddenValues,
  RestrictedLoss,
  SpectrumOverSteps,
} from '../../shared/analysis.ts'
import { LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import { frequencyCount } from '../../shared/frequencyCount.ts'
import { parametersOf } from '../../shared/models/models.ts'
import { quote } from '../../shared/quote.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import { plainText } from '../../shared/formatting/setSymbols.ts'
import type { ModularTask } from '../../shared/tasks/modular.ts'
import { describeTask, isNetworkTask, taskSizes, type NetworkTask, type TaskSpec } from '../../shared/tasks/tasks.ts'
import { fourierFeatures } from './analysis/fourierFeatures.ts'
import { fourierSummary } from './analysis/fourierSummary.ts'
import { fourierTransform, frequencyPower } from './analysis/fourierTransform.ts'
import { frequencyCircles } from './analysis/frequencyCircles.ts'
import { gridLoss } from './analysis/gridLoss.ts'
import { outputGrid, type OutputGrid } from './analysis/outputGrid.ts'
import { predictionGrid, trainMask } from './analysis/predictionGrid.ts'
import { restrictedOutputs } from './analysis/restrictedOutputs.ts'
import { effectiveRank, singularValues } from './analysis/singularValues.ts'
import { unitSpectrum } from './analysis/unitSpectrum.ts'
import { paperProjection, zeroLossGeometry } from './analysis/zeroLossGeometry.ts'
import type { Backend } from './backend/backend.ts'
import { createModel } from './models/createModel.ts'
import type { Model, Network, Weights } from './network/model.ts'
import { downloaded } from './network/matrixLists.ts'
import { createWeights, selectInputs } from './network/network.ts'
import { rowsAt } from './network/rowsAt.ts'
import { prepareNetwork } from './prepareNetwork.ts'
import { signChanges } from './signChanges.ts'
import { snapshotLayer, takeParameters } from './snapshotLayer.ts'
import { modularPairs } from './tasks/modular.ts'
import { taskData } from './tasks/taskData.ts'
import { valueBound } from './valueBound.ts'

/** Is told how many parts of a computation are done, of how many; null where that cannot be said. */
export type OnProgress = (done: number, of: number | null) => void

type Analyzers = {
  [Kind in AnalysisKind]: (
    input: AnalysisInput,
    backend: Backend,
    onProgress: OnProgress,
  ) => AnalysisResult<Kind> | Promise<AnalysisResult<Kind>>
}

/**
 * Computes what a window shows of a run's snapshots: plot-ready arrays from the first snapshot given, or from all of them
 * for those over steps. The backend is a float64 one. Throws INVALID_SPECIFICATION for a task that an analysis is not for (a
 * toy has neither tokens nor layers, not every task has frequencies or lies on a grid), and for frequencies outside
 * 1 … ⌊p/2⌋; NOT_FOUND where a snapshot lacks a layer. What takes long tells its progress: snapshots for those over steps,
 * Gauss–Newton steps for the geometry, steps of the run for its changes of sign.
 */
export function analyze(
  input: AnalysisInput,
  backend: Backend,
  onProgress: OnProgress = () => {},
): AnalysisResult | Promise<AnalysisResult> {
  const { task } = input.spec
  if (!isNetworkTask(task)) throw unfit(input.kind, task, 'it has no layers')
  return analyzers[input.kind](input, backend, onProgress)
}

function unfit(what: string, task: TaskSpec, why: string): LabError {
  const title = plainText(describeTask(task).title(task))
  return new LabError('INVALID_SPECIFICATION', `the task "${title}" has no analysis "${what}": ${why}`)
}

const analyzers: Analyzers = {
  fourier,
  spectrumOverSteps: (input, _, onProgress) => spectrumOverSteps(input, onProgress),
  predictions: (input, backend) => ({ step: stepOf(input), ...predictionGrid(outputs(input, backend), input.train) }),
  singularValues({ spec, snapshots: [snapshot] }) {
    const [first] = parametersOf(spec.network, taskSizes(spec.task))
    const values = singularValues(snapshotLayer(snapshot!, first!.name))
    return { step: snapshot!.step, values, effectiveRank: effectiveRank(values) }
  },
  restrictedLoss,
  hidden,
  signChanges: async (input, backend, onProgress) => ({
    step: stepOf(input),
    samples: named(input.spec.task as NetworkTask, input.train),
    ...(await signChanges(input, networkAt(input, backend), onProgress)),
  }),
  geometry,
  valueBound,
}

/** A layer, and its rows that a cyclic symmetry moves on, in its order: those of one operand of E, or the answers of W. */
function cycleOfLayer({ kind, spec, options }: AnalysisInput): {
  tokens: Int32Array
  layerOf: (snapshot: Snapshot) => MatrixData
  rowsOf: (snapshot: Snapshot) => MatrixData
} {
  const { task, network } = spec
  const { inputCycles, outputCycle, sizes } = describeTask(task)
  const parameters = parametersOf(network, sizes(task))
  const { layer: name = parameters[0]!.name, operand = 0 } = options
  const parameter = parameters.find((each) => each.name === name)
  if (!parameter) {
    const allowed = parameters.map((each) => `"${each.name}"`).join(', ')
    throw new LabError('INVALID_SPECIFICATION', `layer: ${quote(name)} is not allowed; one of ${allowed}`)
  }
  const isOfInputs = parameter.rowsOf === 'inputs'
  if (!isOfInputs && parameter.columnsOf !== 'outputs') {
    throw unfit(kind, task, `${parameter.name} belongs to hidden units alone, neither to inputs nor to outputs`)
  }
  const cycles = isOfInputs ? inputCycles(task) : [outputCycle(task)].filter((cycle) => cycle !== null)
  if (cycles.length === 0) throw unfit(kind, task, 'its tokens have no cyclic symmetry, and so no frequencies')
  const cycle = cycles[Number(operand)]
  if (!cycle) {
    const allowed = cycles.map((_, place) => place).join(', ')
    throw new LabError('INVALID_SPECIFICATION', `operand: ${quote(operand)} is not allowed; one of ${allowed}`)
  }
  const layerOf = (snapshot: Snapshot) => snapshotLayer(snapshot, parameter.name)
  return {
    tokens: Int32Array.from(cycle.tokens),
    layerOf,
    rowsOf(snapshot) {
      const layer = layerOf(snapshot)
      return rowsAt(isOfInputs ? layer : transposed(layer), cycle.places)
    },
  }
}

function fourier(input: AnalysisInput): FourierAnalysis {
  const snapshot = input.snapshots[0]!
  const { tokens, layerOf, rowsOf } = cycleOfLayer(input)
  const E = rowsOf(snapshot)
  const features = fourierFeatures(E)
  const units = unitSpectrum(E)
  const { frequencies, norms, cosines, absoluteCosines } = features
  const { share, dominant, phase, inverseParticipationRatio, gini } = units
  return {
    step: snapshot.step,
    tokens,
    frequencies,
    norms,
    cosines,
    absoluteCosines,
    unitPower: share,
    dominant,
    phase,
    inverseParticipationRatio,
    gini,
    circles: frequencyCircles(E),
    summary: fourierSummary(layerOf(snapshot), features, units),
  }
}

/** Σ_u P_k[u] for each frequency k and snapshot. */
function spectrumOverSteps(input: AnalysisInput, onProgress: OnProgress): SpectrumOverSteps {
  const { rowsOf } = cycleOfLayer(input)
  const inOrder = [...input.snapshots].sort((a, b) => a.step - b.step)
  const spectra = inOrder.map((snapshot, place) => {
    onProgress(place, inOrder.length)
    const E = rowsOf(snapshot)
    const { rows, columns, data } = frequencyPower(fourierTransform(E), E.rows)
    return Float64Array.from({ length: rows }, (_, k) =>
      data.subarray(k * columns, (k + 1) * columns).reduce((sum, power) => sum + power, 0),
    )
  })
  const frequencies = spectra[0]?.length ?? 0
  const data = new Float64Array(frequencies * spectra.length)
  spectra.forEach((spectrum, t) => spectrum.forEach((power, k) => (data[k * spectra.length + t] = power)))
  return {
    steps: Float64Array.from(inOrder, ({ step }) => step),
    power: { rows: frequencies, columns: spectra.length, data },
  }
}

function restrictedLoss(input: AnalysisInput, backend: Backend): RestrictedLoss {
  const { task } = input.spec
  if (!describeTask(task).hasKeyFrequencies(task)) {
    throw unfit(input.kind, task, 'the frequencies of its answers are not those of its tokens')
  }
  const grid = outputs(input, backend)
  const frequencies = checkedFrequencies(input.options['frequencies'], grid.modulus)
  const { restricted, excluded } = restrictedOutputs(grid, frequencies)
  const mask = trainMask(grid, input.train)
  return {
    step: stepOf(input),
    frequencies,
    full: gridLoss(grid, mask),
    restricted: gridLoss(restricted, mask),
    excluded: gridLoss(excluded, mask),
  }
}

function hidden({ spec, dataset, train, snapshots: [snapshot] }: AnalysisInput, backend: Backend): HiddenValues {
  const task = spec.task as NetworkTask
  const data = taskData(task, spec.seed, dataset)
  const { model, weights } = weightsAt(snapshot!, spec, backend)
  const values = model.hidden(weights, train.length)(selectInputs(backend, data, train))
  return {
    step: snapshot!.step,
    values: downloaded(backend, values),
    samples: named(task, train),
  }
}

/** What each training sample is called: its two tokens, or its place in the data. */
function named(task: NetworkTask, train: Int32Array): HiddenValues['samples'] {
  if (!('modulus' in task)) return { sample: train }
  const pairs = [...modularPairs(task)]
  return { a: train.map((place) => pairs[place]![0]), b: train.map((place) => pairs[place]![1]) }
}

function geometry(input: AnalysisInput, backend: Backend, onProgress: OnProgress): AnalysisResult<'geometry'> {
  const network = networkAt(input, backend)
  const meter = zeroLossGeometry(
    network,
    { learningRate: 1, ...paperProjection },
    { onStep: (taken) => onProgress(taken, null), computedIn: input.spec.precision },
  )
  const { distanceToZeroLoss = NaN, tangentialFraction = NaN } = meter.measure()
  return { step: stepOf(input), distanceToZeroLoss, tangentialFraction, iterations: meter.iterations() }
}

/** The run's network in the state of the snapshot. */
function networkAt({ spec, dataset, train, snapshots: [snapshot] }: AnalysisInput, backend: Backend): Network {
  const task = spec.task as NetworkTask
  const parameters = Object.fromEntries(
    parametersOf(spec.network, taskSizes(task)).map(({ name }) => [name, snapshotLayer(snapshot!, name)]),
  )
  return prepareNetwork({ ...spec, task }, backend, { parameters, train }, dataset).network
}

function outputs({ kind, spec, snapshots: [snapshot] }: AnalysisInput, backend: Backend): OutputGrid {
  const { task } = spec
  if (!isOnGrid(task)) throw unfit(kind, task, 'its samples do not lie on a grid of two tokens')
  const { model, weights } = weightsAt(snapshot!, spec, backend)
  return outputGrid(backend, task, model.outputs(weights, task.modulus))
}

function weightsAt(
  snapshot: Snapshot,
  { task, network }: ComposedRunSpec,
  backend: Backend,
): { model: Model; weights: Weights } {
  const model = createModel(network)
  const weights = createWeights(backend, taskSizes(task), model)
  takeParameters(snapshot, weights)
  return { model, weights }
}

function isOnGrid(task: TaskSpec): task is ModularTask {
  return describeTask(task).gridSide(task) !== null
}

function stepOf({ snapshots: [snapshot] }: AnalysisInput): number {
  return snapshot!.step
}

function transposed({ rows, columns, data }: MatrixData): MatrixData {
  const turned = data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!)
  return { rows: columns, columns: rows, data: turned }
}

function checkedFrequencies(given: unknown, modulus: number): number[] {
  const max = frequencyCount(modulus)
  if (!Array.isArray(given) || !given.every((k) => Number.isInteger(k) && k >= 1 && k <= max)) {
    const message = `frequencies: ${quote(given)} is not allowed; expected a list of whole numbers from 1 to ${max}`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  return given
}
