import { numberRepeats } from './runLabels.ts'

/** What finds room beside the lines of a chart. */
const longestLength = 32
const tailLength = 12

/** Names with their middle left out where they are long, all of them still different. */
export function shortenNames(names: readonly string[]): string[] {
  return numberRepeats(names.map((name) => (name.length <= longestLength ? name : withoutMiddle(name))))
}

/** Names tend to share their beginnings, so the end is kept too. */
function withoutMiddle(name: string): string {
  return `${name.slice(0, longestLength - 1 - tailLength).trimEnd()}…${name.slice(-tailLength).trimStart()}`
}
