import { defaultPerDecade, type ComposedSpec } from '../experiment.ts'
import { countThings } from './countThings.ts'
import { formatCount } from './formatNumber.ts'

/** `every 10 steps`, or `100 a decade`. */
export function describeMeasuring({ measureEvery, perDecade = defaultPerDecade }: ComposedSpec['record']): string {
  if (measureEvery === 'log') return `${formatCount(perDecade)} a decade`
  return everySteps(measureEvery)
}

/** `every step`, or `every 10 steps`. */
export function everySteps(count: number): string {
  return `every ${count === 1 ? 'step' : countThings(count, 'step')}`
}
