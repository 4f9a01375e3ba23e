import { formatGiven } from '../../../shared/formatting/formatNumber.ts'

/** A path of a specification in few words, marked for `setSymbols`; the path itself where there are none. */
export function fieldWords(path: string): string {
  return words[path] ?? path.replace(/^(dynamics|record|task|network|initialization)\./, '').replaceAll('.', ' ')
}

const words: Record<string, string> = {
  'task.kind': 'task',
  'task.modulus': 'modulus $p$',
  'task.trainFraction': 'training share',
  'network.hidden': 'hidden units $d$_h',
  'network.activation': 'activation',
  'initialization.kind': 'start',
  'initialization.standardDeviation': 'deviation of the start',
  'dynamics.kind': 'dynamics',
  'dynamics.ridge': 'ridge λ',
  'dynamics.integrator.kind': 'integrator',
  'dynamics.integrator.stepSize': 'step η',
  'dynamics.integrator.tolerance': 'tolerance',
  'dynamics.optimizer.kind': 'optimiser',
  'dynamics.learningRate': 'learning rate η',
  'dynamics.weightDecay': 'weight decay',
  'dynamics.steps': 'steps',
  'dynamics.loss': 'loss',
  'dynamics.reduction': 'reduction',
  'record.measureEvery': 'measured every',
  'record.snapshots': 'snapshots',
}

/** A value of a specification as read: numbers set as numbers, long lists by their length. */
export function valueWords(value: string | null): string {
  if (value === null) return '–'
  const number = Number(value)
  if (value !== '' && Number.isFinite(number)) return formatGiven(number)
  if (value.startsWith('[') && value.length > 16) return `${(JSON.parse(value) as unknown[]).length} of them`
  return value
}
