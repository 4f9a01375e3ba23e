import type { ComposedRunSpec } from './experiment.ts'
import type { Snapshot } from './run.ts'
import type { MatrixData } from './matrix.ts'
import type { Dataset } from './tasks/dataset.ts'

/** What can be computed from a run's snapshots on demand: options in, plot-ready arrays out. */
export interface Analyses {
  /**
   * Fourier features of a layer at a step (E unless `W` is asked for, read as p × d_h), and of each hidden unit; p are the
   * tokens of a cycle of the task, where E has several that of an operand.
   */
  fourier: { options: LayerOptions; result: FourierAnalysis }
  /** Power of each frequency of a layer (as above) at every snapshot: K × snapshots. */
  spectrumOverSteps: { options: LayerOptions; result: SpectrumOverSteps }
  /** The p × p grid of predictions. */
  predictions: { options: Record<string, never>; result: PredictionGrid }
  singularValues: { options: Record<string, never>; result: SingularValueAnalysis }
  /** Losses with only the key frequencies kept (restricted), and with them removed (excluded); Nanda et al. 2023. */
  restrictedLoss: { options: { frequencies: number[] }; result: RestrictedLoss }
  /** H = σ(XE) on the training pairs. */
  hidden: { options: Record<string, never>; result: HiddenValues }
  /** How often each pre-activation of the training pairs changes its sign in the steps that follow. */
  signChanges: { options: { ahead?: number }; result: SignChanges }
  /** Distance to the zero-loss set and the directions there, exactly. */
  geometry: { options: Record<string, never>; result: GeometryAnalysis }
  /** What 99 % of a quantity's values, or of their changes since a step, stay within over all snapshots. */
  valueBound: { options: { of: BoundedQuantity; before?: number }; result: ValueBound }
}

export interface LayerOptions {
  layer?: string
  /** Which of the operands of concatenated tokens, from 0 on. */
  operand?: number
}

export type AnalysisKind = keyof Analyses
export type AnalysisOptions<Kind extends AnalysisKind> = Analyses[Kind]['options']
export type AnalysisResult<Kind extends AnalysisKind = AnalysisKind> = Analyses[Kind]['result']

export const analysisKinds = [
  'fourier',
  'spectrumOverSteps',
  'predictions',
  'singularValues',
  'restrictedLoss',
  'hidden',
  'signChanges',
  'geometry',
  'valueBound',
] as const satisfies readonly AnalysisKind[]

/** Those that read all snapshots of a run, whichever step they are asked for. */
export const analysesOverSteps: readonly AnalysisKind[] = ['spectrumOverSteps', 'valueBound']

/** Both layers, the hidden values of the training pairs, and the margins of all pairs. */
export type BoundedQuantity = string

/** What an analysis reads of a run: the spec, the split, and the snapshots of the steps it needs. */
export interface AnalysisInput {
  kind: AnalysisKind
  options: Record<string, unknown>
  spec: ComposedRunSpec
  /** The samples of a task that is data from a file. */
  dataset?: Dataset
  train: Int32Array
  /** The snapshot at the asked step first; every snapshot for an analysis over steps. */
  snapshots: Snapshot[]
}

export interface FourierAnalysis {
  step: number
  /** What stands at each place of the cycle whose frequencies these are: p tokens, or the answers of W. */
  tokens: Int32Array
  /** K = ⌊p/2⌋; lists over frequencies run k = 1 … K. */
  frequencies: number
  /** ‖Re F_1‖ … ‖Re F_K‖, ‖Im F_1‖ … ‖Im F_⌊(p−1)/2⌋‖: p − 1, as k = p/2 has no imaginary part; 0 for rounding. */
  norms: Float64Array
  /** p − 1 × p − 1; NaN for a feature of norm 0. */
  cosines: MatrixData
  absoluteCosines: MatrixData
  /** Share of each unit's power at each frequency, d_h × K; units in the order of the layer's; NaN without power. */
  unitPower: MatrixData
  /** 1 … K; 0 for a unit without power. */
  dominant: Int32Array
  phase: Float64Array
  inverseParticipationRatio: Float64Array
  gini: Float64Array
  /**
   * For each k the p embeddings in the plane of Re F_k, Im F_k, the first on the positive axis: x then y (K × 2p). All y
   * are 0 where the features span a line, all x too where they are zero.
   */
  circles: MatrixData
  summary: {
    /** Standard deviation over mean of the p − 1 norms. Every number here is NaN where nothing has it. */
    normSpread: number
    largestCosine: number
    /** Mean cosine of the absolute features within a frequency, and across frequencies. */
    absoluteWithin: number
    absoluteAcross: number
    meanDominantShare: number
    meanInverseParticipationRatio: number
    /** ‖E‖² of the whole layer, whichever of its operands the frequencies are of. */
    normSquared: number
  }
}

export interface SpectrumOverSteps {
  steps: Float64Array
  /** Power Σ_u w_k |F_k[u]|², w_k = 2, and 1 for k = p/2 (K × snapshots). */
  power: MatrixData
}

export interface PredictionGrid {
  step: number
  modulus: number
  /** p × p, entry (a, b); the pairs that are unordered stand in two cells. −1 in a cell of no pair. */
  predicted: Int32Array
  /** The right class; −1 likewise. */
  target: Int32Array
  /** 1 in the first cell of each pair. */
  isFirst: Uint8Array
  correct: Uint8Array
  /** NaN in a cell of no pair. */
  margin: Float64Array
  train: Uint8Array
}

export interface SingularValueAnalysis {
  step: number
  values: Float64Array
  /** exp of the entropy of the normalized singular values (Roy & Vetterli 2007). */
  effectiveRank: number
}

export interface RestrictedLoss {
  step: number
  frequencies: number[]
  /** Mean squared errors. */
  full: { train: number; test: number }
  restricted: { train: number; test: number }
  excluded: { train: number; test: number }
}

export interface HiddenValues {
  step: number
  /** n × d_h. */
  values: MatrixData
  /** What each row is called by: its tokens `a` and `b`, or its `sample`. */
  samples: Readonly<Record<string, Int32Array>>
}

export interface SignChanges {
  step: number
  /** In how many steps after it. */
  ahead: number
  /** n × d_h. */
  changes: MatrixData
  samples: HiddenValues['samples']
  /** The share of them that chatters. */
  chatteringShare: number
}

export interface GeometryAnalysis {
  step: number
  distanceToZeroLoss: number
  tangentialFraction: number
  iterations: number
}

export interface ValueBound {
  of: BoundedQuantity
  snapshots: number
  /** Of the absolute values; 0 where all are zero. */
  bound: number
}
