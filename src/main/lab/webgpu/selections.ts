import { isTokens, type Inputs } from '../network/inputs.ts'
import { selectionLayout, type StepShape } from './stepShape.ts'

/** Writes the selection of some samples, by their places in the data, at a place of `words`. */
export type WriteSelection = (samples: ArrayLike<number>, words: Uint32Array, at: number) => void

/** Writes selections for steps of a shape, laid out as `selectionLayout` says. */
export function selectionWriter(X: Inputs, shape: StepShape): WriteSelection {
  const { starts, rows } = selectionLayout(shape)
  if (!isTokens(X)) return (samples, words, at) => words.set(samples, at)
  const { indices, perRow } = X
  const { inputs } = shape
  const ends = new Uint32Array(inputs)
  return (samples, words, at) => {
    words.set(samples, at)
    const startsAt = at + starts
    const counts = words.subarray(startsAt, startsAt + inputs + 1).fill(0)
    for (let row = 0; row < samples.length; row++) {
      const first = samples[row]! * perRow
      for (let i = 0; i < perRow; i++) counts[indices[first + i]! + 1]! += 1
    }
    for (let token = 0; token < inputs; token++) counts[token + 1]! += counts[token]!
    ends.set(counts.subarray(0, inputs))
    for (let row = 0; row < samples.length; row++) {
      const first = samples[row]! * perRow
      for (let i = 0; i < perRow; i++) words[at + rows + ends[indices[first + i]!]!++] = row
    }
  }
}
