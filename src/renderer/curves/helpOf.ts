import type { VerticalScale } from '../../shared/curves/overlayPanel.ts'
import { measurements, type MeasurementName } from '../../shared/measurements.ts'
import type { Help } from '../components/HelpPopover.vue'

/** What the measurement is, how its axis is read, which has the measurement's own scale unless another is chosen, and the formula. */
export function helpOf(name: MeasurementName, scale: VerticalScale = measurements[name].scale): Help {
  const { about, formula } = measurements[name]
  return {
    text: `${about} The axis is ${scale === 'log' ? 'logarithmic, where zero has no place' : 'linear'}; drag across it to look closer, double-click to see all.`,
    formula,
  }
}
