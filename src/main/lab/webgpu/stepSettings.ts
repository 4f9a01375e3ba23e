import { lossDescriptions } from '../../../shared/dynamics/losses.ts'
import type { TrainingSpec } from '../../../shared/experiment.ts'
import { isDecoupled, ratesOfParameter } from '../../../shared/training.ts'

/** The parameters of two layers, by their names. */
export type DeviceParameter = 'E' | 'b' | 'W' | 'c'

type RateField<Name extends DeviceParameter> = `${'rate' | 'shrinkage' | 'decay'}${Name}` | 'squareCorrection'

/** What a step is taken with: that from `position` on, number 1, 2, … of the optimizer's. */
export interface DeviceStep {
  readonly position: number
  readonly optimizerStep: number
  readonly learningRate: number
  readonly weightDecay: number
  /** ‖θ‖ after it, where that is set. */
  readonly norm: number | undefined
}

/** Those fields of a step that follow from its rates and its number, for the parameters of θ. */
export function rateFields<Name extends DeviceParameter>(dynamics: TrainingSpec, names: readonly Name[]) {
  const parameters = names.map((name) => ({ name, factors: ratesOfParameter(dynamics, name) }))
  const beta1 = dynamics.optimizer.kind === 'adamw' ? dynamics.optimizer.beta1 : 0
  const beta2 = dynamics.optimizer.kind === 'adamw' ? dynamics.optimizer.beta2 : 0
  const isBeside = dynamics.optimizer.kind === 'gradientDescent' || isDecoupled(dynamics)
  return ({ optimizerStep, learningRate, weightDecay }: DeviceStep) => {
    const meanCorrection = 1 - beta1 ** optimizerStep
    const fields: Partial<Record<RateField<DeviceParameter>, number>> = { squareCorrection: 1 - beta2 ** optimizerStep }
    for (const { name, factors } of parameters) {
      const rate = learningRate * factors.learningRate
      const decay = weightDecay * factors.weightDecay
      fields[`rate${name}`] = rate / meanCorrection
      fields[`shrinkage${name}`] = isBeside ? rate * decay : 0
      fields[`decay${name}`] = isBeside ? 0 : decay
    }
    return fields as Record<RateField<Name>, number>
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
