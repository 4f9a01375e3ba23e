import { createScale, type Scale } from '../../shared/charts/scale.ts'

/** What a scrubber's track stands on: positions of its control, at their values of an axis. */
export interface TrackAxis {
  /** A logarithmic one has a place for zero before `least`, unless it begins there. */
  kind: 'linear' | 'log'
  beginsAtMin?: true
  /** Whether its values are whole numbers, such as steps. */
  isCounted?: true
  min: number
  end: number
  valueAt: (position: number) => number
  positionAt: (value: number) => number
}

/** The values of the axis on some pixels. */
export function trackScale({ kind, min, end, beginsAtMin }: TrackAxis, range: readonly [number, number]): Scale {
  return createScale(kind, [min, end], range, kind === 'log' && !beginsAtMin)
}

/** The position some hundredths of the whole track further on. */
export function alongTrack(axis: TrackAxis, position: number, hundredths: number): number {
  const length = 1000
  const scale = trackScale(axis, [0, length])
  const at = scale.at(axis.valueAt(position)) + (hundredths * length) / 100
  // Between zero and the least value of a logarithmic axis there is nothing.
  if (at < scale.zeroGapPixels) return axis.positionAt(hundredths > 0 ? axis.min : 0)
  return axis.positionAt(scale.invert(Math.max(0, Math.min(length, at))))
}
