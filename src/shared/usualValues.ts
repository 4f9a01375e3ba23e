import { integrators } from './dynamics/integrators.ts'
import { lossDescriptions, type Loss } from './dynamics/losses.ts'
import { optimizers, type OptimizerSpec } from './dynamics/optimizers.ts'
import { roundDigits } from './formatting/formatNumber.ts'
import { taskSchema, taskSizes } from './tasks/tasks.ts'

/** Fields whose sensible value depends on other choices. */
export const usualPaths = [
  'dynamics.learningRate',
  'dynamics.weightDecay',
  'dynamics.integrator.stepSize',
  'dynamics.integrator.tolerance',
  'dynamics.integrator.output',
] as const
export type UsualPath = (typeof usualPaths)[number]
export type UsualValues = Partial<Record<UsualPath, number | string>>

type Training = { learningRate: number; weightDecay: number }

/** A decay in AdamW's gradient, which it divides by the gradient's size, works at a fraction of what is decoupled. */
const usualL2 = 1e-4

/** The usual values of the fields that a specification or a draft of one, right or wrong, has by its other choices. */
export function usualValues(draft: unknown): UsualValues {
  const dynamics = part(draft, 'dynamics')
  if (part(dynamics, 'kind') === 'training') {
    const { learningRate, weightDecay } = trainingValues(draft, dynamics)
    return { 'dynamics.learningRate': learningRate, 'dynamics.weightDecay': weightDecay }
  }
  const isToy = part(dynamics, 'kind') === 'gradientFlow'
  const kind = part(part(dynamics, 'integrator'), 'kind')
  if (!isOneOf(kind, integrators)) return {}
  const { usualTolerance } = integrators[kind]
  const isAdaptive = usualTolerance !== 'none'
  return {
    'dynamics.integrator.stepSize': isToy ? 1e-2 : 1e-3,
    'dynamics.integrator.tolerance': isToy && isAdaptive ? 1e-9 : usualTolerance,
    'dynamics.integrator.output': isAdaptive ? 'dense' : 'stepEnds',
  }
}

export interface Caution {
  path: UsualPath
  message: string
}

/**
 * Rates of training that are a decade or more from the usual, and fixed steps that are so much larger: allowed, and worth
 * a second look. An integration may be as fine as it likes, and an adaptive one chooses its steps itself.
 */
export function usualValueCautions(draft: unknown): Caution[] {
  const usual = usualValues(draft)
  return usualPaths.flatMap((path) => {
    const [expected, given] = [usual[path], valueOf(draft, path)]
    if (typeof expected !== 'number' || typeof given !== 'number' || !(given > 0)) return []
    const decades = Math.log10(given / expected)
    const isFar = isIntegrated(path) ? decades >= decade && isFixedStep(draft, path) : Math.abs(decades) >= decade
    return isFar ? [{ path, message: `${given} is far from the usual ${expected}${circumstances(draft)}` }] : []
  })
}

/** Less by what a quotient of decimals may be off. */
const decade = 1 - 1e-9

function isIntegrated(path: UsualPath): boolean {
  return path.startsWith('dynamics.integrator.')
}

function isFixedStep(draft: unknown, path: UsualPath): boolean {
  const integrator = part(part(draft, 'dynamics'), 'integrator')
  const tolerance = part(integrator, 'tolerance') ?? (part(integrator, 'kind') === 'dormandPrince' ? 1e-6 : 'none')
  return path === 'dynamics.integrator.stepSize' && tolerance === 'none'
}

/** "for AdamW": what the usual value goes by, in a few words; empty where it goes by nothing that can be named. */
export function circumstances(draft: unknown): string {
  const dynamics = part(draft, 'dynamics')
  if (part(dynamics, 'kind') !== 'training') return ''
  const sum = part(dynamics, 'reduction') === 'sum' ? ', summed' : ''
  const decay = hasL2(dynamics) ? ' with L2 decay' : ''
  return ` for ${optimizers[optimizerOf(dynamics)].label}${decay} on the ${lossDescriptions[lossOf(dynamics)].label}${sum}`
}

/** A sum has the gradient of the mean times its terms, and wants that much smaller steps where their length follows it. */
function trainingValues(draft: unknown, dynamics: unknown): Training {
  const optimizer = optimizerOf(dynamics)
  const loss = lossOf(dynamics)
  const usual = { ...optimizers[optimizer].usual, ...(hasL2(dynamics) ? { weightDecay: usualL2 } : {}) }
  if (part(dynamics, 'reduction') !== 'sum' || optimizers[optimizer].ignoresScale) return usual
  const terms = 10 ** Math.round(Math.log10(termsOf(draft, loss)))
  return {
    learningRate: roundDigits(usual.learningRate / terms, 1),
    weightDecay: roundDigits(usual.weightDecay * terms, 1),
  }
}

/** Terms of the summed loss of a step, on a batch or on all that is trained on; some hundreds where the task does not say. */
function termsOf(draft: unknown, loss: Loss): number {
  const task = taskSchema.safeParse(part(draft, 'task'))
  if (!task.success) return 100
  const { train, outputs } = taskSizes(task.data)
  const batch = valueOf(draft, 'dynamics.batch.size')
  const samples = typeof batch === 'number' && batch > 0 ? Math.min(batch, train) : train
  return Math.max(1, lossDescriptions[loss].terms === 'entries' ? samples * outputs : samples)
}

function optimizerOf(dynamics: unknown): OptimizerSpec['kind'] {
  const optimizer = part(dynamics, 'optimizer')
  const kind = typeof optimizer === 'string' ? optimizer : part(optimizer, 'kind')
  return isOneOf(kind, optimizers) ? kind : 'gradientDescent'
}

/** Of those alone whose own decay is decoupled: that of the others is part of the gradient anyway. */
function hasL2(dynamics: unknown): boolean {
  return optimizers[optimizerOf(dynamics)].decay === 'decoupled' && part(dynamics, 'weightDecayKind') === 'l2'
}

function lossOf(dynamics: unknown): Loss {
  const loss = part(dynamics, 'loss')
  return isOneOf(loss, lossDescriptions) ? loss : 'meanSquaredError'
}

function isOneOf<Key extends string>(key: unknown, table: Record<Key, unknown>): key is Key {
  return typeof key === 'string' && Object.hasOwn(table, key)
}

function valueOf(draft: unknown, path: string): unknown {
  return path.split('.').reduce(part, draft)
}

function part(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
