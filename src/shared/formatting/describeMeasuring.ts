import { defaultPerDecade, type ComposedSpec } from '../experiment.ts'
import { formatCount } from './formatNumber.ts'

/** `every 10 steps`, or `100 a decade`. */
export function describeMeasuring({ measureEvery, perDecade = defaultPerDecade }: ComposedSpec['record']): string {
  if (measureEvery === 'log') return `${formatCount(perDecade)} a decade`
  return `every ${measureEvery === 1 ? 'step' : `${formatCount(measureEvery)} steps`}`
}
