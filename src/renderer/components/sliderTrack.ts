import { roundDigits } from '../../shared/formatting/formatNumber.ts'

/** What a slider is dragged over. */
export interface SliderTrack {
  min: number
  max: number
  /** `logOrZero` has 0 before its least. */
  scale: 'linear' | 'log' | 'logOrZero'
  /** Whether it stands at whole numbers only. */
  isWhole: boolean
}

const usualSteps = 200

/** A slider's positions are whole numbers from 0 to this. */
export function lastPosition({ scale, isWhole, min, max }: SliderTrack): number {
  return scale === 'linear' && isWhole ? max - min : usualSteps
}

/** What stands at a position, of three digits. */
export function valueAt(slider: SliderTrack, position: number): number {
  const { min, max, scale, isWhole } = slider
  const share = (position - first(slider)) / (lastPosition(slider) - first(slider))
  if (share < 0) return 0
  const value = scale === 'linear' ? min + share * (max - min) : min * (max / min) ** share
  return isWhole ? Math.round(value) : roundDigits(value, 3)
}

/** The position nearest to a value, which may be any that its field allows. */
export function positionOf(slider: SliderTrack, value: number): number {
  const { min, max, scale } = slider
  if (scale === 'logOrZero' && value === 0) return 0
  const share = scale === 'linear' ? (value - min) / (max - min) : Math.log(value / min) / Math.log(max / min)
  const position = first(slider) + share * (lastPosition(slider) - first(slider))
  return Math.round(Math.min(lastPosition(slider), Math.max(first(slider), position)))
}

const first = ({ scale }: SliderTrack) => (scale === 'logOrZero' ? 1 : 0)
