import { formatNumber } from '../../../shared/formatting/formatNumber.ts'

/**
 * What a dead end means and what to do about it. `value` is that of the run's event: 0 where nothing pulls, else how many
 * times its norm at the start the weights have come to; null where another run of the group stalled.
 */
export function describeStall(dynamics: string, value: number | null): { meaning: string; advice: string } {
  const meaning =
    value === null
      ? 'From there on it can learn nothing more.'
      : value > 0
        ? `Its weights have grown ${formatNumber(value, 3)}-fold, and it gets no more of the training set right than at its start, or than one answer to all would.`
        : `${pulls[dynamics] ?? 'Nothing pulls'}, and the training set is not fitted: only decay still moves the weights.`
  return { meaning, advice: advice[dynamics] ?? 'Start elsewhere.' }
}

const pulls: Record<string, string> = {
  training: 'The gradient of the loss is exactly zero',
  isolated: 'No hidden unit responds to any training sample',
  gradientFlow: 'The gradient of the loss is exactly zero',
}

const advice: Record<string, string> = {
  training: 'Lower the learning rate, or take a smaller start or another activation.',
  isolated: 'Lower the ridge or the step size, integrate by Heun or Dormand–Prince, or take another start.',
}
