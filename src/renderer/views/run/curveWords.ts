import { measurements, type MeasurementName } from '../../../shared/measurements.ts'
import type { LinePanel } from '../../../shared/panel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { Help } from '../../components/HelpPopover.vue'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'

/** One line under the title of a measurement's chart. */
export function captionOf(name: MeasurementName, run: RunSummary, runs: number): string {
  const source = run.figure ? measurements[name].source : ''
  if (name === 'testAccuracy' && run.modulus !== null && run.trainPairs !== null) {
    const total = (run.modulus * (run.modulus + 1)) / 2
    const pairs = `${formatCount(total - run.trainPairs)} held-out pairs of ${formatCount(total)}`
    return runs > 1
      ? `${pairs}; ${runs} seeds and their mean${source && ` (${source})`}`
      : `${pairs}${source && ` (${source})`}`
  }
  const words: Partial<Record<MeasurementName, string>> = {
    testMse: 'mean over outputs',
    trainLoss: 'sum over the training pairs',
  }
  return [words[name], source].filter(Boolean).join(', ')
}

/** What would be measured of a network that knows nothing. */
export function levelsOf(name: MeasurementName, { modulus }: RunSummary): NonNullable<LinePanel['levels']> {
  if (modulus === null) return []
  if (name === 'testAccuracy' || name === 'trainAccuracy') return [{ at: 1 / modulus, label: `chance, 1/${modulus}` }]
  if (name === 'testMse') return [{ at: 1 / modulus, label: `error of predicting zero, 1/${modulus}` }]
  return []
}

/** Two sentences and the formula. */
export function helpOf(name: MeasurementName): Help {
  const { label, unit, formula, source, scale } = measurements[name]
  const about = explanations[name] ?? `The ${label}, in ${unit}.`
  return {
    text: `${about} The axis is ${scale === 'log' ? 'logarithmic, where zero has no place' : 'linear'}; drag across it to look closer, double-click to see all.`,
    formula,
    ...(source ? { source } : {}),
  }
}

const explanations: Partial<Record<MeasurementName, string>> = {
  testAccuracy: 'The share of pairs left out of training whose largest output is the right sum.',
  trainLoss: 'The squared error on the training pairs; the isolated first layer keeps it at zero to rounding.',
  testMse: 'The squared error on held-out pairs, averaged over pairs and outputs.',
  firstLayerNormSquared:
    'How large the first layer’s weights are: along the zero-loss set, decay makes the sum of both layers fall.',
}
