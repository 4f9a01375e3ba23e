import { formatCount } from './formatNumber.ts'

/** A number of things in words, one of them in the singular: `1 step`, `20 000 steps`. */
export function countThings(count: number, thing: string): string {
  return `${formatCount(count)} ${nameThings(count, thing)}`
}

/** The same without the number, where that is set on its own. */
export function nameThings(count: number, thing: string): string {
  return count === 1 ? thing : `${thing}s`
}
