import { multiScaleFeaturesMeasurements } from './studies/multiScaleFeatures.ts'

/** How a measured quantity is written on axes, in tables and in help. */
export interface MeasurementDescription {
  label: string
  /** Plain-text symbol; `_` starts a subscript. */
  symbol: string
  unit: string
  /** LaTeX. */
  formula: string
  /** In one sentence, for whoever asks for help. */
  about: string
  scale: 'linear' | 'log'
  /** Where all of its values lie. */
  range?: readonly [number, number]
  /** Whether it is never below zero, which nothing else says of what stands on a linear axis without a range. */
  isNonNegative?: true
  /** What is measured alike on held-out and on training pairs is drawn together; which of the two it is. */
  group?: { name: MeasurementGroup; pairs: 'test' | 'training' }
  /** What a network that knows nothing would show, of so many classes. */
  level?: (classes: number) => { at: number; label: string }
  /** Whether its latest value is kept for lists, which can then show, sort and filter by it. */
  summarized?: true
  /** Names under which filters ask for it, before its own. */
  filter?: readonly string[]
}

/** How a group is written over the chart of both its measurements, and on its axis. */
export const measurementGroups = {
  accuracy: { title: 'Accuracy', vertical: 'share predicted correctly' },
  crossEntropy: { title: 'Cross-entropy', vertical: 'nats per sample' },
  meanSquaredError: { title: 'Mean squared error', vertical: 'mean squared error' },
  margin: { title: 'Margin', vertical: 'right output less the largest wrong one' },
} as const

export type MeasurementGroup = keyof typeof measurementGroups

export function isMeasurementGroup(name: string): name is MeasurementGroup {
  return Object.hasOwn(measurementGroups, name)
}

const share = 'share correct'
const chance = (classes: number) => ({ at: 1 / classes, label: `chance, 1/${classes}` })
/** Outputs are 1 at the right class and 0 elsewhere. */
const errorOfZero = (classes: number) => ({ at: 1 / classes, label: `error of predicting zero, 1/${classes}` })

/** Every scalar a run can measure over time, under the names that files and queries use. */
export const measurements = {
  trainLoss: {
    label: 'training loss',
    symbol: 'L',
    unit: 'sum of squares',
    formula: '\\sum_{i\\in\\text{train}}\\lVert f(x_i)-y_i\\rVert^2',
    about:
      'The squared error on the training pairs, summed over pairs and outputs; what follows the zero-loss set keeps it at zero to rounding.',
    scale: 'log',
    summarized: true,
  },
  trainMse: {
    label: 'training error',
    symbol: 'MSE_train',
    unit: 'mean squared error',
    formula: '\\tfrac{1}{n\\,p}\\sum_{i\\in\\text{train}}\\lVert f(x_i)-y_i\\rVert^2',
    about: 'The squared error on the training pairs, averaged over pairs and outputs.',
    scale: 'log',
    group: { name: 'meanSquaredError', pairs: 'training' },
    level: errorOfZero,
  },
  testMse: {
    label: 'test error',
    symbol: 'MSE_test',
    unit: 'mean squared error',
    formula: '\\tfrac{1}{|\\text{test}|\\,p}\\sum_{i\\in\\text{test}}\\lVert f(x_i)-y_i\\rVert^2',
    about: 'The squared error on held-out pairs, averaged over pairs and outputs.',
    scale: 'log',
    group: { name: 'meanSquaredError', pairs: 'test' },
    level: errorOfZero,
    summarized: true,
  },
  trainCrossEntropy: {
    label: 'training cross-entropy',
    symbol: 'CE_train',
    unit: 'nats per sample',
    formula: '\\tfrac1n\\sum_{i\\in\\text{train}}\\bigl(\\log\\sum_o e^{f_o(x_i)}-f_{c_i}(x_i)\\bigr)',
    about: 'The cross-entropy on the training pairs, averaged over pairs: what training lowers, apart from decay.',
    scale: 'log',
    group: { name: 'crossEntropy', pairs: 'training' },
    summarized: true,
  },
  testCrossEntropy: {
    label: 'test cross-entropy',
    symbol: 'CE_test',
    unit: 'nats per sample',
    formula: '\\tfrac1{|\\text{test}|}\\sum_{i\\in\\text{test}}\\bigl(\\log\\sum_o e^{f_o(x_i)}-f_{c_i}(x_i)\\bigr)',
    about: 'The cross-entropy on held-out pairs, averaged over pairs.',
    scale: 'log',
    group: { name: 'crossEntropy', pairs: 'test' },
    summarized: true,
  },
  trainAccuracy: {
    label: 'training accuracy',
    symbol: 'A_train',
    unit: share,
    formula: '\\tfrac1n\\#\\{i\\in\\text{train}:\\arg\\max f(x_i)=c_i\\}',
    about: 'The share of training pairs whose largest output is the right answer.',
    scale: 'linear',
    group: { name: 'accuracy', pairs: 'training' },
    level: chance,
    range: [0, 1],
    summarized: true,
  },
  testAccuracy: {
    label: 'test accuracy',
    symbol: 'A_test',
    unit: share,
    formula: '\\tfrac1{|\\text{test}|}\\#\\{i\\in\\text{test}:\\arg\\max f(x_i)=c_i\\}',
    about: 'The share of samples left out of training whose largest output is the right answer.',
    scale: 'linear',
    group: { name: 'accuracy', pairs: 'test' },
    level: chance,
    range: [0, 1],
    summarized: true,
  },
  trainMargin: {
    label: 'smallest training margin',
    symbol: 'm_train',
    unit: 'output units',
    formula: '\\min_{i\\in\\text{train}}\\,f_{c_i}(x_i)-\\max_{o\\ne c_i}f_o(x_i)',
    about:
      'The right output less the largest wrong one, for the training pair where that is smallest; above zero every pair is right.',
    scale: 'linear',
    group: { name: 'margin', pairs: 'training' },
  },
  testMargin: {
    label: 'mean test margin',
    symbol: 'm_test',
    unit: 'output units',
    formula: '\\tfrac1{|\\text{test}|}\\sum_{i\\in\\text{test}}\\bigl(f_{c_i}(x_i)-\\max_{o\\ne c_i}f_o(x_i)\\bigr)',
    about: 'The right output less the largest wrong one, averaged over held-out pairs; above zero is right.',
    scale: 'linear',
    group: { name: 'margin', pairs: 'test' },
  },
  firstLayerNormSquared: {
    label: 'first-layer squared norm',
    symbol: '‖E‖²',
    unit: 'squared norm',
    formula: '\\lVert E\\rVert_F^2',
    about:
      'How large the first layer’s weights are, its biases included: along the zero-loss set, decay makes the sum of both layers fall.',
    scale: 'log',
    summarized: true,
    filter: ['E2'],
  },
  secondLayerNormSquared: {
    label: 'second-layer squared norm',
    symbol: '‖W‖²',
    unit: 'squared norm',
    formula: '\\lVert W\\rVert_F^2',
    about:
      'How large the second layer’s weights are, its biases included: along the zero-loss set, decay makes the sum of both layers fall.',
    scale: 'log',
    summarized: true,
    filter: ['W2'],
  },
  gradientNorm: {
    label: 'norm of the loss gradient',
    symbol: '‖∇L‖',
    unit: 'loss per weight',
    formula: '\\sqrt{\\lVert\\nabla_E L\\rVert_F^2+\\lVert\\nabla_W L\\rVert_F^2}',
    about:
      'The length of the gradient of the loss on all training pairs, also where a step takes a few of them; decay and clipping are left out.',
    scale: 'log',
  },
  learningRate: {
    label: 'learning rate in force',
    symbol: 'η_t',
    unit: 'weight per gradient',
    formula: '\\eta_t',
    about: 'The rate of the step that is taken next, where it follows a schedule.',
    scale: 'linear',
  },
  ridgeObjective: {
    label: 'ridge objective per λ',
    symbol: 'R/λ',
    unit: 'squared norm',
    formula: '\\lVert E\\rVert_F^2+\\operatorname{Tr}\\bigl(Y^\\top(HH^\\top+\\lambda I)^{-1}Y\\bigr)',
    about:
      'What the isolated first layer descends, divided by the ridge λ; in the limit λ → 0, the squared norm of both layers at zero loss.',
    scale: 'log',
  },
  conditionNumber: {
    label: 'condition number',
    symbol: 'κ',
    unit: 'ratio of eigenvalues',
    formula: '\\kappa(HH^\\top+\\lambda I)',
    about:
      'How near the hidden values of the training pairs come to depending on one another: as it grows, digits of the second layer are lost.',
    scale: 'log',
  },
  localError: {
    label: 'local error of the step',
    symbol: 'ε',
    unit: 'share of the state',
    formula: '\\eta\\lVert f(E_{t+1})-f(E_t)\\rVert/(2\\lVert E_t\\rVert)',
    about:
      'What one step of the integrator gets wrong, as a share of the state (E, of an isolated layer); above 0.05 a smaller step is advised.',
    scale: 'log',
  },
  chatteringShare: {
    label: 'chattering pre-activations',
    symbol: 'χ',
    unit: 'share of pre-activations',
    formula:
      '\\tfrac{1}{n\\,d_h}\\#\\{(i,u):z_{iu}\\text{ changes sign }{\\ge}3\\text{ times in the next }m\\text{ steps}\\}',
    about:
      'The share of the training samples’ pre-activations that change sign three times or more in the next steps: those of a motion that slides along the kinks of relu, or of any that oscillates about 0.',
    scale: 'linear',
    range: [0, 1],
    summarized: true,
    filter: ['chattering'],
  },
  stepSize: {
    label: 'next step',
    symbol: 'h',
    unit: 'time',
    formula: 'h',
    about:
      'The step that the integrator tries next to stay within its tolerance; it is cut shorter where the state is to be recorded before its end.',
    scale: 'log',
  },
  weight1: {
    label: 'first weight',
    symbol: 'θ_1',
    unit: 'weight',
    formula: '\\theta_1',
    about: 'The first weight of the model.',
    scale: 'linear',
  },
  weight2: {
    label: 'second weight',
    symbol: 'θ_2',
    unit: 'weight',
    formula: '\\theta_2',
    about: 'The second weight of the model.',
    scale: 'linear',
  },
  weight3: {
    label: 'third weight',
    symbol: 'θ_3',
    unit: 'weight',
    formula: '\\theta_3',
    about: 'The third weight of the model.',
    scale: 'linear',
  },
  distanceToZeroLoss: {
    label: 'distance to the zero-loss set',
    symbol: '‖θ − Π(θ)‖',
    unit: 'norm',
    formula: '\\lVert\\theta-\\Pi(\\theta)\\rVert',
    about:
      'How far the weights are from the point of the zero-loss set that Gauss–Newton returns to, near the set the nearest.',
    scale: 'log',
  },
  tangentialFraction: {
    label: 'tangential share of the loss gradient',
    symbol: '‖P_T ∇L‖/‖∇L‖',
    unit: 'share of the gradient',
    formula: '\\lVert P_T\\nabla L(\\theta)\\rVert/\\lVert\\nabla L(\\theta)\\rVert',
    about: 'How much of the loss gradient lies along the zero-loss set; it vanishes as the set is approached.',
    scale: 'log',
    range: [0, 1],
  },
  normMinimizingCosine: {
    label: 'cosine with the norm-minimizing direction',
    symbol: 'cos(Δθ, −P_T θ)',
    unit: 'cosine',
    formula: '\\cos(\\theta_t-\\theta_{t-\\ell},\\,-P_T\\theta_t)',
    about: 'How well the updates point where the norm falls fastest along the zero-loss set; 1 is that direction.',
    scale: 'linear',
    range: [-1, 1],
  },
  normMinimizingCosinePaper: {
    label: 'the same, by 100 steps of projection',
    symbol: 'cos(Δθ, −P_T θ), 100 steps',
    unit: 'cosine',
    formula: '\\cos(\\theta_t-\\theta_{t-\\ell},\\,-P_T\\theta_t)',
    about: 'The same, with the point of the zero-loss set found by 100 steps of gradient descent instead of exactly.',
    scale: 'linear',
    range: [-1, 1],
  },
  ...multiScaleFeaturesMeasurements,
} as const satisfies Record<string, MeasurementDescription>

export type MeasurementName = keyof typeof measurements
export const measurementNames = Object.keys(measurements) as MeasurementName[]

/** The measurement of a group on one part of the pairs. */
export function measurementOf(group: MeasurementGroup, pairs: 'test' | 'training'): MeasurementName {
  return measurementNames.find((name) => {
    const of = (measurements[name] as MeasurementDescription).group
    return of?.name === group && of.pairs === pairs
  })!
}

/** Those whose latest values lists have. */
export const summarizedNames = measurementNames.filter(
  (name) => (measurements[name] as MeasurementDescription).summarized,
)
