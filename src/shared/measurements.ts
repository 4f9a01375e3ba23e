/** How a measured quantity is written on axes, in tables and in help. */
export interface MeasurementDescription {
  label: string
  /** Plain-text symbol; `_` starts a subscript. */
  symbol: string
  unit: string
  /** LaTeX. */
  formula: string
  source: string
  scale: 'linear' | 'log'
}

const share = 'share of pairs'

/** Every scalar a run can measure over time, under the names that files and queries use. */
export const measurements = {
  trainLoss: {
    label: 'training loss',
    symbol: 'L',
    unit: 'sum of squares',
    formula: '\\sum_{i\\in\\text{train}}\\lVert f(x_i)-y_i\\rVert^2',
    source: 'Sec. 3',
    scale: 'log',
  },
  trainMse: {
    label: 'training error',
    symbol: 'MSE_train',
    unit: 'mean squared error',
    formula: '\\tfrac{1}{n\\,p}\\sum_{i\\in\\text{train}}\\lVert f(x_i)-y_i\\rVert^2',
    source: 'Fig. 5',
    scale: 'log',
  },
  testMse: {
    label: 'test error',
    symbol: 'MSE_test',
    unit: 'mean squared error',
    formula: '\\tfrac{1}{|\\text{test}|\\,p}\\sum_{i\\in\\text{test}}\\lVert f(x_i)-y_i\\rVert^2',
    source: 'Fig. 6',
    scale: 'log',
  },
  trainCrossEntropy: {
    label: 'training cross-entropy',
    symbol: 'CE_train',
    unit: 'nats per pair',
    formula: '\\tfrac1n\\sum_{i\\in\\text{train}}\\bigl(\\log\\sum_o e^{f_o(x_i)}-f_{c_i}(x_i)\\bigr)',
    source: '',
    scale: 'log',
  },
  testCrossEntropy: {
    label: 'test cross-entropy',
    symbol: 'CE_test',
    unit: 'nats per pair',
    formula: '\\tfrac1{|\\text{test}|}\\sum_{i\\in\\text{test}}\\bigl(\\log\\sum_o e^{f_o(x_i)}-f_{c_i}(x_i)\\bigr)',
    source: '',
    scale: 'log',
  },
  trainAccuracy: {
    label: 'training accuracy',
    symbol: 'A_train',
    unit: share,
    formula: '\\tfrac1n\\#\\{i\\in\\text{train}:\\arg\\max f(x_i)=c_i\\}',
    source: 'Fig. 7',
    scale: 'linear',
  },
  testAccuracy: {
    label: 'test accuracy',
    symbol: 'A_test',
    unit: share,
    formula: '\\tfrac1{|\\text{test}|}\\#\\{i\\in\\text{test}:\\arg\\max f(x_i)=c_i\\}',
    source: 'Fig. 6',
    scale: 'linear',
  },
  trainMargin: {
    label: 'smallest training margin',
    symbol: 'm_train',
    unit: 'output units',
    formula: '\\min_{i\\in\\text{train}}\\,f_{c_i}(x_i)-\\max_{o\\ne c_i}f_o(x_i)',
    source: '',
    scale: 'linear',
  },
  testMargin: {
    label: 'mean test margin',
    symbol: 'm_test',
    unit: 'output units',
    formula: '\\tfrac1{|\\text{test}|}\\sum_{i\\in\\text{test}}\\bigl(f_{c_i}(x_i)-\\max_{o\\ne c_i}f_o(x_i)\\bigr)',
    source: '',
    scale: 'linear',
  },
  firstLayerNormSquared: {
    label: 'first-layer squared norm',
    symbol: '‖E‖²',
    unit: 'squared norm',
    formula: '\\lVert E\\rVert_F^2',
    source: 'Eq. 20',
    scale: 'log',
  },
  secondLayerNormSquared: {
    label: 'second-layer squared norm',
    symbol: '‖W‖²',
    unit: 'squared norm',
    formula: '\\lVert W\\rVert_F^2',
    source: 'Eq. 20',
    scale: 'log',
  },
  gradientNorm: {
    label: 'norm of the loss gradient',
    symbol: '‖∇L‖',
    unit: 'loss per weight',
    formula: '\\sqrt{\\lVert\\nabla_E L\\rVert_F^2+\\lVert\\nabla_W L\\rVert_F^2}',
    source: 'Sec. 3',
    scale: 'log',
  },
  ridgeObjective: {
    label: 'ridge objective per λ',
    symbol: 'R/λ',
    unit: 'squared norm',
    formula: '\\lVert E\\rVert_F^2+\\operatorname{Tr}\\bigl(Y^\\top(HH^\\top+\\lambda I)^{-1}Y\\bigr)',
    source: 'Eq. 14–17',
    scale: 'log',
  },
  conditionNumber: {
    label: 'condition number',
    symbol: 'κ',
    unit: 'ratio of eigenvalues',
    formula: '\\kappa(HH^\\top+\\lambda I)',
    source: 'Sec. 4',
    scale: 'log',
  },
  localError: {
    label: 'local error of the step',
    symbol: 'ε',
    unit: 'share of ‖E‖',
    formula: '\\eta\\lVert f(E_{t+1})-f(E_t)\\rVert/(2\\lVert E_t\\rVert)',
    source: 'Sec. 4',
    scale: 'log',
  },
  stepSize: {
    label: 'accepted step',
    symbol: 'h',
    unit: 'decay time',
    formula: 'h',
    source: 'Dormand & Prince 1980',
    scale: 'log',
  },
  weight1: {
    label: 'first weight',
    symbol: 'θ_1',
    unit: 'weight',
    formula: '\\theta_1',
    source: 'Fig. 1–4',
    scale: 'linear',
  },
  weight2: {
    label: 'second weight',
    symbol: 'θ_2',
    unit: 'weight',
    formula: '\\theta_2',
    source: 'Fig. 1–4',
    scale: 'linear',
  },
  weight3: {
    label: 'third weight',
    symbol: 'θ_3',
    unit: 'weight',
    formula: '\\theta_3',
    source: 'Fig. 2',
    scale: 'linear',
  },
  distanceToZeroLoss: {
    label: 'distance to the zero-loss set',
    symbol: '‖θ − Π(θ)‖',
    unit: 'norm',
    formula: '\\lVert\\theta-\\Pi(\\theta)\\rVert',
    source: 'Sec. 4',
    scale: 'log',
  },
  tangentialFraction: {
    label: 'tangential share of the loss gradient',
    symbol: '‖P_T ∇L‖/‖∇L‖',
    unit: 'share of the gradient',
    formula: '\\lVert P_T\\nabla L(\\theta)\\rVert/\\lVert\\nabla L(\\theta)\\rVert',
    source: 'Thm 4.14',
    scale: 'log',
  },
  normMinimizingCosine: {
    label: 'cosine with the norm-minimising direction',
    symbol: 'cos(Δθ, −P_T θ)',
    unit: 'cosine',
    formula: '\\cos(\\theta_t-\\theta_{t-\\ell},\\,-P_T\\theta_t)',
    source: 'Fig. 5',
    scale: 'linear',
  },
  normMinimizingCosinePaper: {
    label: 'the same, with the paper’s projection',
    symbol: 'cos(Δθ, −P_T θ), 100 steps',
    unit: 'cosine',
    formula: '\\cos(\\theta_t-\\theta_{t-\\ell},\\,-P_T\\theta_t)',
    source: 'Fig. 5',
    scale: 'linear',
  },
} as const satisfies Record<string, MeasurementDescription>

export type MeasurementName = keyof typeof measurements
export const measurementNames = Object.keys(measurements) as MeasurementName[]
