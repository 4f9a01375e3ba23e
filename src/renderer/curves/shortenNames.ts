import { numberRepeats } from './runLabels.ts'

/** What finds room beside the lines of a chart. */
const max = 32
const tail = 12

/** Names with their middle left out where they are long, all of them still different. */
export function shortenNames(names: readonly string[]): string[] {
  return numberRepeats(names.map((name) => (name.length <= max ? name : withoutMiddle(name))))
}

/** Names tend to share their beginnings, so the end is kept too. */
function withoutMiddle(name: string): string {
  return `${name.slice(0, max - 1 - tail).trimEnd()}…${name.slice(-tail).trimStart()}`
}
