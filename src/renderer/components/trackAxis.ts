import { createScale, type Scale } from '../../shared/charts/scale.ts'

/** What a scrubber's track stands on: positions of its control, at their values of an axis. */
export interface TrackAxis {
  /** A logarithmic one has a place for zero before `least`, unless it begins there. */
  kind: 'linear' | 'log'
  beginsAtLeast?: true
  least: number
  end: number
  valueAt: (position: number) => number
  positionAt: (value: number) => number
}

/** The values of the axis on some pixels. */
export function trackScale({ kind, least, end, beginsAtLeast }: TrackAxis, range: readonly [number, number]): Scale {
  return createScale(kind, [least, end], range, kind === 'log' && !beginsAtLeast)
}

/** The position some hundredths of the whole track further on. */
export function alongTrack(axis: TrackAxis, position: number, hundredths: number): number {
  const length = 1000
  const scale = trackScale(axis, [0, length])
  const at = scale.at(axis.valueAt(position)) + (hundredths * length) / 100
  // Between zero and the least value of a logarithmic axis there is nothing.
  if (at < scale.stub) return axis.positionAt(hundredths > 0 ? axis.least : 0)
  return axis.positionAt(scale.invert(Math.max(0, Math.min(length, at))))
}
