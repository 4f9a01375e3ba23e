import { losses, optimizerKinds, parseExperiment, precisions, tauPerStep } from '../../../shared/experiment.ts'
import { lossNames, optimizerNames, usualValues } from '../../../shared/usualValues.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { holds, type Field, type Section } from './field.ts'
import { valueAt, type SpecDraft } from './specPaths.ts'

export type DynamicsKind = 'training' | 'isolated' | 'zeroLossFlow' | 'gradientFlow'

const isTraining = holds('dynamics.kind', 'training')
const isIntegrated = holds('dynamics.kind', 'isolated', 'zeroLossFlow', 'gradientFlow')
const optimizerKind = (draft: SpecDraft) => {
  const optimizer = valueAt(draft, 'dynamics.optimizer')
  return typeof optimizer === 'string' ? optimizer : (valueAt(optimizer, 'kind') ?? 'gradientDescent')
}
const usesOptimizer = (kind: string) => (draft: SpecDraft) => isTraining(draft) && optimizerKind(draft) === kind

const trainingFields: readonly Field[] = [
  {
    path: 'dynamics.optimizer',
    label: 'Optimizer',
    kind: 'segments',
    choices: optimizerKinds.map((value) => ({ value, label: optimizerNames[value] })),
    fallback: 'gradientDescent',
    help: 'Of all training pairs at once; AdamW with decoupled decay.',
    shown: isTraining,
    read: (draft) => String(optimizerKind(draft)),
    write: (kind) => [{ path: 'dynamics.optimizer', value: { kind } }],
  },
  {
    path: 'dynamics.optimizer.momentum',
    label: 'Momentum',
    symbol: 'β',
    kind: 'number',
    allowed: '0 to below 1.',
    fallback: '0.9',
    help: 'The decay clock runs 1/(1 − β) times as fast.',
    shown: usesOptimizer('momentum'),
  },
  ...(['beta1', 'beta2', 'epsilon'] as const).map((name, i): Field => ({
    path: `dynamics.optimizer.${name}`,
    label: ['First moment', 'Second moment', 'Denominator'][i]!,
    symbol: ['β_1', 'β_2', 'ε'][i]!,
    kind: 'number',
    allowed: i < 2 ? '0 to below 1.' : 'Above 0.',
    fallback: ['0.9', '0.999', '1e-8'][i]!,
    help: ['How long past gradients count.', 'How long past squares count.', 'Keeps the step finite.'][i]!,
    shown: usesOptimizer('adamw'),
  })),
  {
    path: 'dynamics.learningRate',
    label: 'Learning rate',
    symbol: 'η',
    kind: 'number',
    allowed: 'Above 0.',
    help: 'The paper trains with 1 on the mean squared error.',
    shown: isTraining,
  },
  {
    path: 'dynamics.weightDecay',
    label: 'Weight decay',
    symbol: 'wd',
    kind: 'number',
    allowed: '0 or more; η·wd below 2.',
    help: 'What moves the weights along the zero-loss set; the paper takes 1e-4.',
    shown: isTraining,
  },
  {
    path: 'dynamics.loss',
    label: 'Loss',
    kind: 'segments',
    choices: losses.map((value) => ({ value, label: lossNames[value] })),
    fallback: 'meanSquaredError',
    help: 'The theory is about the squared error.',
    shown: isTraining,
    write: (loss) => [
      { path: 'dynamics.loss', value: loss },
      ...(loss === 'crossEntropy' ? [] : [{ path: 'dynamics.lossPrecision', value: undefined }]),
    ],
  },
  {
    path: 'dynamics.lossPrecision',
    label: 'Loss precision',
    kind: 'segments',
    choices: precisions.map((value) => ({ value, label: value })),
    fallback: 'float64',
    help: 'Of the softmax and its logarithm. In float32, as in code that is float32 throughout, the loss is exactly 0 once every margin passes 16.6, and the right classes have no gradient (softmax collapse); float64 hides that.',
    shown: (draft) =>
      isTraining(draft) &&
      ((holds('precision', 'float32')(draft) && holds('dynamics.loss', 'crossEntropy')(draft)) ||
        valueAt(draft, 'dynamics.lossPrecision') !== undefined),
  },
  {
    path: 'dynamics.reduction',
    label: 'Reduction',
    kind: 'segments',
    choices: ['mean', 'sum'].map((value) => ({ value, label: value })),
    fallback: 'mean',
    help: 'Mean over all entries as training code has it, or the sum of the paper.',
    shown: isTraining,
  },
]

const integratorFields: readonly Field[] = [
  {
    path: 'dynamics.ridge',
    label: 'Ridge',
    symbol: 'λ',
    kind: 'number',
    allowed: '0 or more.',
    fallback: '0',
    help: '0 is the limit of Eq. 20. Above 0, $n$ may exceed d_h (Eq. 14–17).',
    shown: holds('dynamics.kind', 'isolated', 'gradientFlow'),
  },
  {
    path: 'dynamics.integrator',
    label: 'Integrator',
    kind: 'segments',
    choices: [
      { value: 'euler', label: 'Euler' },
      { value: 'heun', label: 'Heun' },
      { value: 'dormandPrince', label: 'Dormand–Prince' },
    ],
    help: 'Euler is the paper’s and overshoots at its start; the others keep the total norm falling.',
    shown: isIntegrated,
    read: (draft) => String(valueAt(draft, 'dynamics.integrator.kind') ?? 'euler'),
    write: (kind, draft) => {
      const { tolerance, ...settings } = (valueAt(draft, 'dynamics.integrator') ?? {}) as SpecDraft
      const kept = kind === 'euler' || tolerance === undefined ? settings : { ...settings, tolerance }
      return [{ path: 'dynamics.integrator', value: { ...kept, kind } }]
    },
  },
  {
    path: 'dynamics.integrator.stepSize',
    label: 'Step size',
    symbol: 'η',
    kind: 'number',
    allowed: 'Above 0.',
    fallback: '0.001',
    help: 'One step advances τ by η.',
    shown: isIntegrated,
    unit: () => 'units of τ',
  },
  {
    path: 'dynamics.integrator.tolerance',
    label: 'Tolerance',
    kind: 'number',
    allowed: '1e-13 to 0.1.',
    help: 'Relative error of a step; within each, smaller steps are taken as needed.',
    shown: (draft) => isIntegrated(draft) && holds('dynamics.integrator.kind', 'heun', 'dormandPrince')(draft),
  },
]

export const dynamicsSection: Section = {
  step: 'network',
  title: 'Dynamics',
  text: 'What moves the weights, on the decay clock τ that all of them share.',
  fields: [
    {
      path: 'dynamics.kind',
      label: 'Equation',
      kind: 'segments',
      choices: [
        { value: 'training', label: 'training' },
        { value: 'isolated', label: 'isolated' },
        { value: 'zeroLossFlow', label: 'flow on Z' },
      ],
      help: 'Training follows the loss; isolated is Eq. 14–20; flow on $Z$ is Thm 4.8.',
      shown: holds('task.kind', 'modularAddition'),
      write: (kind, draft) => [{ path: 'dynamics', value: dynamicsOfKind(kind as DynamicsKind, draft) }],
    },
    ...trainingFields,
    ...integratorFields,
    {
      path: 'dynamics.steps',
      label: 'Steps',
      kind: 'number',
      allowed: '1 to 1 000 million.',
      help: 'Can be extended later without starting again.',
      unit: reachedTau,
    },
  ],
}

/** Settings to begin with after a change of equation, steps and integrator kept. */
export function dynamicsOfKind(kind: DynamicsKind, draft: SpecDraft): SpecDraft {
  const steps = valueAt(draft, 'dynamics.steps') ?? 4000
  const integrator = valueAt(draft, 'dynamics.integrator')
  switch (kind) {
    case 'training': {
      const optimizer = { kind: 'gradientDescent' }
      const usual = usualValues({ ...draft, dynamics: { kind, optimizer } })
      const rates = { learningRate: usual['dynamics.learningRate'], weightDecay: usual['dynamics.weightDecay'] }
      return { kind, optimizer, ...rates, steps }
    }
    case 'isolated':
      return { kind, ridge: 0, integrator: integrator ?? { kind: 'euler', stepSize: 1e-3 }, steps }
    case 'zeroLossFlow':
      return { kind, integrator: integrator ?? { kind: 'heun', stepSize: 1e-3, tolerance: 1e-3 }, steps }
    case 'gradientFlow':
      return { kind, ridge: 0.1, integrator: { kind: 'dormandPrince', stepSize: 1e-2, tolerance: 1e-9 }, steps }
  }
}

function reachedTau(draft: SpecDraft): string {
  try {
    const { dynamics } = parseExperiment(draft)
    return `to τ = ${formatNumber(tauPerStep(dynamics) * dynamics.steps, 3)}`
  } catch {
    return 'steps'
  }
}
