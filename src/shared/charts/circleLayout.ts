import type { FourierAnalysis } from '../analysis.ts'
import type { MatrixData } from '../matrix.ts'

export interface CircleCell {
  left: number
  top: number
  width: number
  height: number
  /** Center, and the radius that leaves room for names. */
  x: number
  y: number
  radius: number
}

const inset = 12
const nameRoom = 17

/** A grid of equal cells with the largest circles that the room allows. */
export function arrangeCircles(count: number, size: { width: number; height: number }): CircleCell[] {
  if (count === 0 || size.width === 0) return []
  const room = (columns: number) =>
    Math.min((size.width - 2 * inset) / columns, (size.height - 4) / Math.ceil(count / columns))
  let columns = 1
  for (let candidate = 2; candidate <= count; candidate++) if (room(candidate) > room(columns)) columns = candidate
  const width = (size.width - 2 * inset) / columns
  const height = (size.height - 4) / Math.ceil(count / columns)
  const radius = Math.max(3, Math.min(width, height) / 2 - nameRoom)
  return Array.from({ length: count }, (_, k) => {
    const left = inset + (k % columns) * width
    const top = Math.floor(k / columns) * height
    return { left, top, width: width - 4, height: height - 2, x: left + width / 2 + 4, y: top + height / 2, radius }
  })
}

/** What the tokens of a frequency lie on: a line where its features span one direction, nothing where they are zero. */
export function circleShape({ columns, data }: MatrixData, k: number): 'circle' | 'line' | 'nothing' {
  const row = data.subarray(k * columns, (k + 1) * columns)
  if (row.every((value) => value === 0)) return 'nothing'
  return row.subarray(columns / 2).every((value) => value === 0) ? 'line' : 'circle'
}

/** Pixels per unit of a circle, such that its farthest point stays within the radius, and the rim at the mean radius. */
export function circleRadius(circles: MatrixData, k: number, radius: number): { scale: number; rim: number } {
  const p = circles.columns / 2
  const at = k * circles.columns
  let farthest = 0
  let sum = 0
  for (let j = 0; j < p; j++) {
    const length = Math.hypot(circles.data[at + j]!, circles.data[at + p + j]!)
    farthest = Math.max(farthest, length)
    sum += length / p
  }
  const scale = farthest > 0 ? radius / farthest : 0
  return { scale, rim: sum * scale }
}

/** Where the names of the first four tokens stand, around a circle or over a line; a name that would cover another is left out. */
export function tokenNames(
  { circles, tokens }: Pick<FourierAnalysis, 'circles' | 'tokens'>,
  k: number,
  x: number,
  y: number,
  { scale }: { scale: number },
  radius: number,
): { token: number; x: number; y: number }[] {
  const shape = circleShape(circles, k)
  if (radius < 16 || shape === 'nothing') return []
  const p = circles.columns / 2
  const placed: { token: number; x: number; y: number }[] = []
  for (let place = 0; place < Math.min(4, p); place++) {
    const token = tokens[place]!
    const dx = circles.data[k * circles.columns + place]! * scale
    const dy = -circles.data[k * circles.columns + p + place]! * scale
    const angle = Math.atan2(dy, dx)
    const distance = Math.hypot(dx, dy) + 9
    const name =
      shape === 'line'
        ? { token, x: x + dx, y: y - 9 }
        : { token, x: x + Math.cos(angle) * distance, y: y + Math.sin(angle) * distance }
    if (placed.every((other) => Math.hypot(other.x - name.x, other.y - name.y) >= 9)) placed.push(name)
  }
  return placed
}

/**
 * Names of tokens, the j-th of a cycle of p, by their places kj mod p on the ideal circle of frequency k, one list for each place that is taken:
 * where k and p share a factor, several tokens have one place. Long lists end in an ellipsis.
 */
export function namesByPlace(k: number, cycle: Int32Array): { place: number; tokens: number[]; text: string }[] {
  const lists = Map.groupBy(cycle.keys(), (j) => (j * k) % cycle.length)
  return Array.from(lists, ([place, members]) => {
    const tokens = members.map((j) => cycle[j]!)
    const text = tokens.length > 2 ? `${tokens.slice(0, 2).join(', ')} …` : tokens.join(', ')
    return { place, tokens, text }
  })
}
