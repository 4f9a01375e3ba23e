import { lossDescriptions } from '../../../shared/dynamics/losses.ts'
import type { TrainingSpec } from '../../../shared/experiment.ts'
import { isDecoupled, ratesOfParameter } from '../../../shared/training.ts'

/** What a step is taken with: that from `position` on, number 1, 2, … of the optimizer's. */
export interface DeviceStep {
  readonly position: number
  readonly optimizerStep: number
  readonly learningRate: number
  readonly weightDecay: number
  /** ‖θ‖ after it, where that is set. */
  readonly norm: number | undefined
}

/** Those fields of a step that follow from its rates and its number. */
export function rateFields(dynamics: TrainingSpec) {
  const [E, W] = [ratesOfParameter(dynamics, 'E'), ratesOfParameter(dynamics, 'W')]
  const beta1 = dynamics.optimizer.kind === 'adamw' ? dynamics.optimizer.beta1 : 0
  const beta2 = dynamics.optimizer.kind === 'adamw' ? dynamics.optimizer.beta2 : 0
  const isBeside = dynamics.optimizer.kind === 'gradientDescent' || isDecoupled(dynamics)
  return ({ optimizerStep, learningRate, weightDecay }: DeviceStep) => {
    const [rateE, rateW] = [learningRate * E.learningRate, learningRate * W.learningRate]
    const [decayE, decayW] = [weightDecay * E.weightDecay, weightDecay * W.weightDecay]
    const meanCorrection = 1 - beta1 ** optimizerStep
    return {
      rateE: rateE / meanCorrection,
      rateW: rateW / meanCorrection,
      shrinkageE: isBeside ? rateE * decayE : 0,
      shrinkageW: isBeside ? rateW * decayW : 0,
      decayE: isBeside ? 0 : decayE,
      decayW: isBeside ? 0 : decayW,
      squareCorrection: 1 - beta2 ** optimizerStep,
    }
  }
}

/** Those fields of a step that are the same in all. */
export function constantFields({ optimizer, maxGradientNorm }: TrainingSpec) {
  return {
    ...(maxGradientNorm !== undefined && { maxNorm: maxGradientNorm }),
    ...(optimizer.kind === 'momentum' && { momentum: optimizer.momentum }),
    ...(optimizer.kind === 'adamw' && {
      meanDecay: optimizer.beta1,
      meanShare: 1 - optimizer.beta1,
      squareDecay: optimizer.beta2,
      squareShare: 1 - optimizer.beta2,
      epsilon: optimizer.epsilon,
    }),
  }
}

/** s of L = s·Σ …, for a step on so many rows. */
export function lossScale({ loss, reduction }: TrainingSpec, rows: number, outputs: number): number {
  if (reduction === 'sum') return 1
  return 1 / (lossDescriptions[loss].terms === 'entries' ? rows * outputs : rows)
}
