import { roundDigits } from '../../../shared/formatting/formatNumber.ts'
import type { FigureSlider } from '../../../shared/papers/figureSetting.ts'
import { findField } from '../../../shared/specification/fields.ts'

const usualSteps = 200

/** A slider's positions are whole numbers from 0 to this. */
export function lastPosition(slider: FigureSlider): number {
  return slider.scale === 'linear' && isWhole(slider) ? slider.max - slider.min : usualSteps
}

/** What stands at a position, of three digits. */
export function valueAt(slider: FigureSlider, position: number): number {
  const { min, max, scale } = slider
  const share = (position - first(slider)) / (lastPosition(slider) - first(slider))
  if (share < 0) return 0
  const value = scale === 'linear' ? min + share * (max - min) : min * (max / min) ** share
  return isWhole(slider) ? Math.round(value) : roundDigits(value, 3)
}

/** The position nearest to a value, which may be any that the study allows. */
export function positionOf(slider: FigureSlider, value: number): number {
  const { min, max, scale } = slider
  if (scale === 'logOrZero' && value === 0) return 0
  const share = scale === 'linear' ? (value - min) / (max - min) : Math.log(value / min) / Math.log(max / min)
  const position = first(slider) + share * (lastPosition(slider) - first(slider))
  return Math.round(Math.min(lastPosition(slider), Math.max(first(slider), position)))
}

const isWhole = ({ field }: FigureSlider) => findField(`study.${field}`)?.type === 'wholeNumber'
const first = ({ scale }: FigureSlider) => (scale === 'logOrZero' ? 1 : 0)
