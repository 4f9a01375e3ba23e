import { measurements, type MeasurementName } from '../../shared/measurements.ts'
import type { Help } from '../components/HelpPopover.vue'

/** What the measurement is, how its axis is read, and the formula. */
export function helpOf(name: MeasurementName): Help {
  const { about, formula, scale } = measurements[name]
  return {
    text: `${about} The axis is ${scale === 'log' ? 'logarithmic, where zero has no place' : 'linear'}; drag across it to look closer, double-click to see all.`,
    formula,
  }
}
