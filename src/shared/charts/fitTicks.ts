import { fitNames, type TypeFace } from './textWidth.ts'
import type { Tick } from './ticks.ts'

/** In heights of the text, so much room is worth a name that is cut. */
const leastRoom = 3

/**
 * Ticks whose names are each within their room, so that none has to be left out; where even a few letters find none, and of
 * numbers, which would be others if digits were cut, all as they are.
 */
export function fitTicks(
  ticks: readonly Tick[],
  pixelOf: (at: number) => number,
  face: TypeFace,
  between: number,
): readonly Tick[] {
  const distances = ticks.slice(1).map(({ at }, place) => Math.abs(pixelOf(at) - pixelOf(ticks[place]!.at)))
  const room = Math.min(...distances) - between
  const areNames = ticks.some(({ label }) => !/^[-+−]?[.\d]/.test(label))
  if (!areNames || distances.length === 0 || room < leastRoom * face.size) return ticks
  const names = fitNames(
    ticks.map(({ label }) => label),
    face,
    room,
  )
  return ticks.map(({ at }, place) => ({ at, label: names[place]! }))
}
