import { formatCount } from './formatNumber.ts'

/** What a branch takes from its parent and what begins again with it, in a sentence. SCIENCE.md §7, finding 4. */
export const branchMeaning =
  'A branch is a new run from these weights, not a continuation of its parent: it keeps the training set, and with it the data, ' +
  'the share and the split; an optimizer’s moments are zero; the learning-rate schedule, the order of minibatches, steps and τ ' +
  'start again; and a norm held at its value at the start is the branch’s own.'

/** A step that a branch counts, and the same on the count of its parent, which it began from at `parentStep`. */
export function describeBranchStep(step: number, parentStep: number): string {
  return `step ${formatCount(step)} of the branch, ${formatCount(parentStep + step)} of its parent`
}
