import type { ParallelPanel } from '../panel.ts'

/** Of each line, whether it meets every axis within the part of it that is looked at, ends included; a bound stands where it is drawn. */
export function linesWithin({ axes, groupOf }: Pick<ParallelPanel, 'axes' | 'groupOf'>): boolean[] {
  const ranged = axes.filter(({ range }) => range !== undefined)
  return Array.from(groupOf, (_, line) =>
    ranged.every(({ values, range }) => values[line]! >= range![0] && values[line]! <= range![1]),
  )
}
