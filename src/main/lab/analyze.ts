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
import { frequencyCount } from '../../shared/frequencyCount.ts'
import { quote } from '../../shared/quote.ts'
import type { MatrixData, Snapshot } from '../../shared/run.ts'
import { fourierFeatures } from './analysis/fourierFeatures.ts'
import { fourierSummary } from './analysis/fourierSummary.ts'
import { fourierTransform, frequencyPower } from './analysis/fourierTransform.ts'
import { frequencyCircles } from './analysis/frequencyCircles.ts'
import { gridLoss } from './analysis/gridLoss.ts'
import { isTrainPair } from './analysis/isTrainPair.ts'
import { outputGrid, type OutputGrid } from './analysis/outputGrid.ts'
import { predictionGrid } from './analysis/predictionGrid.ts'
import { restrictedOutputs } from './analysis/restrictedOutputs.ts'
import { effectiveRank, singularValues } from './analysis/singularValues.ts'
import { unitSpectrum } from './analysis/unitSpectrum.ts'
import { paperProjection, zeroLossGeometry } from './analysis/zeroLossGeometry.ts'
import type { Backend } from './backend/backend.ts'
import { modularAddition } from './data/modularAddition.ts'
import { prepareNetwork } from './prepareNetwork.ts'
import { snapshotLayer } from './snapshotLayer.ts'
import { valueBound } from './valueBound.ts'

/** Is told how many parts of a computation are done, of how many; null where that cannot be said. */
export type OnProgress = (done: number, of: number | null) => void

type Analyzers = {
  [Kind in AnalysisKind]: (input: AnalysisInput, backend: Backend, onProgress: OnProgress) => AnalysisResult<Kind>
}

/**
 * Computes what a window shows of a run's snapshots: plot-ready arrays from the first snapshot given, or from all of them
 * for those over steps. The backend is a float64 one. Throws INVALID_SPECIFICATION for a toy task, which has
 * neither tokens nor layers, and for frequencies outside 1 … ⌊p/2⌋; NOT_FOUND where a snapshot lacks a layer. What takes
 * long tells its progress: snapshots for those over steps, Gauss–Newton steps for the geometry.
 */
export function analyze(input: AnalysisInput, backend: Backend, onProgress: OnProgress = () => {}): AnalysisResult {
  if (input.spec.task.kind === 'toy') {
    throw new LabError('INVALID_SPECIFICATION', `analysis "${input.kind}" is not for a task of kind "toy"`)
  }
  return analyzers[input.kind](input, backend, onProgress)
}

const analyzers: Analyzers = {
  fourier: ({ snapshots, options }) => fourier(snapshots[0]!, options['layer']),
  spectrumOverSteps: ({ snapshots, options }, _, onProgress) =>
    spectrumOverSteps(snapshots, options['layer'], onProgress),
  predictions: (input, backend) => ({ step: stepOf(input), ...predictionGrid(outputs(input, backend), input.train) }),
  singularValues({ snapshots: [snapshot] }) {
    const values = singularValues(snapshotLayer(snapshot!, 'E'))
    return { step: snapshot!.step, values, effectiveRank: effectiveRank(values) }
  },
  restrictedLoss,
  hidden,
  geometry,
  valueBound,
}

/** A layer as p × d_h. */
function layerByRows(snapshot: Snapshot, name: unknown = 'E'): MatrixData {
  if (name !== 'E' && name !== 'W') {
    throw new LabError('INVALID_SPECIFICATION', `layer: ${quote(name)} is not allowed; one of "E", "W"`)
  }
  return name === 'E' ? snapshotLayer(snapshot, 'E') : transposed(snapshotLayer(snapshot, 'W'))
}

function fourier(snapshot: Snapshot, layer: unknown): FourierAnalysis {
  const E = layerByRows(snapshot, layer)
  const features = fourierFeatures(E)
  const units = unitSpectrum(E)
  const { frequencies, norms, cosines, absoluteCosines } = features
  const { share, dominant, phase, inverseParticipationRatio, gini } = units
  return {
    step: snapshot.step,
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
    summary: fourierSummary(E, features, units),
  }
}

/** Σ_u P_k[u] for each frequency k and snapshot. */
function spectrumOverSteps(snapshots: readonly Snapshot[], layer: unknown, onProgress: OnProgress): SpectrumOverSteps {
  const inOrder = [...snapshots].sort((a, b) => a.step - b.step)
  const spectra = inOrder.map((snapshot, place) => {
    onProgress(place, inOrder.length)
    const E = layerByRows(snapshot, layer)
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
  const grid = outputs(input, backend)
  const frequencies = checkedFrequencies(input.options['frequencies'], grid.modulus)
  const { restricted, excluded } = restrictedOutputs(grid, frequencies)
  const mask = isTrainPair(grid.modulus, input.train)
  return {
    step: stepOf(input),
    frequencies,
    full: gridLoss(grid, mask),
    restricted: gridLoss(restricted, mask),
    excluded: gridLoss(excluded, mask),
  }
}

function hidden({ spec, train, snapshots: [snapshot] }: AnalysisInput, backend: Backend): HiddenValues {
  const E = snapshotLayer(snapshot!, 'E')
  const all = modularAddition(E.rows).tokens
  const tokens = Int32Array.from({ length: 2 * train.length }, (_, i) => all[2 * train[i >> 1]! + (i & 1)]!)
  const weights = backend.matrix(E.rows, E.columns)
  weights.data.set(E.data)
  const values = backend.matrix(train.length, E.columns)
  backend.gatherRows(backend.inputRows(train.length, 2, tokens), weights, values)
  backend.activate(spec.network.activation, values, values)
  const { rows, columns, data } = values
  return { step: snapshot!.step, values: { rows, columns, data: Float64Array.from(data) }, tokens }
}

function geometry(
  { spec, train, snapshots: [snapshot] }: AnalysisInput,
  backend: Backend,
  onProgress: OnProgress,
): AnalysisResult<'geometry'> {
  const { task } = spec
  if (task.kind === 'toy') throw new RangeError('a toy task has no layers')
  const initial = { E: snapshotLayer(snapshot!, 'E'), W: snapshotLayer(snapshot!, 'W'), train }
  const { network } = prepareNetwork({ ...spec, task }, backend, initial)
  const meter = zeroLossGeometry(
    network,
    { learningRate: 1, ...paperProjection },
    { onStep: (taken) => onProgress(taken, null) },
  )
  const { distanceToZeroLoss = NaN, tangentialFraction = NaN } = meter.measure()
  return { step: snapshot!.step, distanceToZeroLoss, tangentialFraction, iterations: meter.iterations() }
}

function outputs({ spec, snapshots: [snapshot] }: AnalysisInput, backend: Backend): OutputGrid {
  return outputGrid(backend, spec.network.activation, snapshotLayer(snapshot!, 'E'), snapshotLayer(snapshot!, 'W'))
}

function stepOf({ snapshots: [snapshot] }: AnalysisInput): number {
  return snapshot!.step
}

function transposed({ rows, columns, data }: MatrixData): MatrixData {
  const turned = data.map((_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!)
  return { rows: columns, columns: rows, data: turned }
}

function checkedFrequencies(given: unknown, modulus: number): number[] {
  const most = frequencyCount(modulus)
  if (!Array.isArray(given) || !given.every((k) => Number.isInteger(k) && k >= 1 && k <= most)) {
    const message = `frequencies: ${quote(given)} is not allowed; expected a list of whole numbers from 1 to ${most}`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  return given
}
