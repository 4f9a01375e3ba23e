import { numberRepeats } from './runLabels.ts'

/** What finds room beside the lines of a chart. */
const longestLength = 32
const tailLength = 12

/** Names of which so much is left out, where they are longer, that all of them are still different. */
export function shortenNames(names: readonly string[], longest = longestLength): string[] {
  const short = names.map((name) => (name.length <= longest ? name : withoutMiddle(name, longest)))
  const alike = Map.groupBy(new Set(names), (name) => short[names.indexOf(name)]!)
  const told = new Map([...alike.values()].flatMap((same) => (same.length > 1 ? keepDifferences(same, longest) : [])))
  return numberRepeats(names.map((name, place) => told.get(name) ?? short[place]!))
}

/** Names tend to share their beginnings, so the end is kept too. */
function withoutMiddle(name: string, longest: number): string {
  return `${name.slice(0, longest - 1 - tailLength).trimEnd()}…${name.slice(-tailLength).trimStart()}`
}

/** Of names that are alike without their middle, what all of them begin or end with is left out instead, as far as that is enough. */
function keepDifferences(names: readonly string[], longest: number): [name: string, short: string][] {
  const [first = '', ...others] = names
  const sharedLength = (at: (name: string, place: number) => string | undefined) => {
    let length = 0
    while (length < first.length && others.every((name) => at(name, length) === at(first, length))) length++
    return length
  }
  // A number or a word is kept whole.
  const beginning = first
    .slice(
      0,
      sharedLength((name, place) => name[place]),
    )
    .replace(/[^\s,:=]*$/, '')
  const endLength = sharedLength((name, place) => name.at(-1 - place))
  const ending = endLength === 0 ? '' : first.slice(-endLength).replace(/^[^\s,:=]*/, '')
  return names.flatMap((name): [string, string][] => {
    const own = name.slice(beginning.length, Math.max(beginning.length, name.length - ending.length))
    const room = longest - own.length
    if (room < 2) return []
    const after = ending.length < room ? ending : `…${ending.slice(ending.length - Math.floor(room / 2) + 1)}`
    const left = room - after.length
    return [[name, `${beginning.length <= left ? beginning : `${beginning.slice(0, left - 1)}…`}${own}${after}`]]
  })
}
