import { numberRepeats } from './runLabels.ts'

/** What finds room beside the lines of a chart. */
const longestLength = 32
const tailLength = 12

/**
 * Names of which so much is left out, where they are longer, that all of them are still different.
 * Whole parts between commas and colons are left out first, those that most names share before others, and decimals
 * that nobody needs; then whole words; and letters only where that is not enough.
 */
export function shortenNames(names: readonly string[], longest = longestLength): string[] {
  const different = [...new Set(names)]
  const short = new Map(different.filter((name) => name.length <= longest).map((name) => [name, name]))
  for (const shorten of [byParts, byWords, byLetters]) {
    const left = different.filter((name) => !short.has(name))
    const offered = new Map(shorten(left, longest))
    const uses = Map.groupBy([...short.values(), ...offered.values()], (each) => each)
    for (const [name, each] of offered) if (uses.get(each)!.length === 1 || shorten === byLetters) short.set(name, each)
  }
  return numberRepeats(names.map((name) => short.get(name)!))
}

type Shortened = [name: string, short: string][]

/** Between commas and colons. */
function byParts(names: readonly string[], longest: number): Shortened {
  const read = withoutDigits(names)
  const lists = read.map((name) => name.match(/(?:(?![,:]\s).)+(?:[,:]\s+)?/gsu) ?? [])
  return keepTelling(names, lists, longest, ({ place, count }) => Math.min(2 * place, 2 * (count - 1 - place) + 1))
}

function byWords(names: readonly string[], longest: number): Shortened {
  const lists = withoutDigits(names).map((name) => name.match(/\S+\s*/gu) ?? [])
  return keepTelling(names, lists, longest, ({ place }) => place, false)
}

/** Of numbers with many decimals the first four digits that are not zero, where the names need no more to differ. */
function withoutDigits(names: readonly string[]): readonly string[] {
  const rounded = names.map((name) =>
    name.replace(/(\d+\.\d{6,})(?!\d)/g, (number) => number.replace(/^([0.]*[1-9](?:\.?\d){3})\d+$/, '$1…')),
  )
  return new Set(rounded).size === names.length ? rounded : names
}

/** Of each name the parts that fewest of the names have, of equally many in the order given, as far as there is room. */
function keepTelling(
  names: readonly string[],
  lists: readonly (readonly string[])[],
  longest: number,
  orderOf: (part: { place: number; count: number }) => number,
  mayHaveGaps = true,
): Shortened {
  const bare = (part: string) => part.replace(/[,:]?\s*$/, '').trim()
  const frequency = new Map<string, number>()
  for (const parts of lists)
    for (const part of new Set(parts.map(bare))) frequency.set(part, (frequency.get(part) ?? 0) + 1)
  return names.flatMap((name, at): Shortened => {
    const parts = lists[at]!
    const order = parts
      .map((part, place) => ({
        place,
        shared: frequency.get(bare(part))!,
        rank: orderOf({ place, count: parts.length }),
      }))
      .sort((one, other) => one.shared - other.shared || one.rank - other.rank)
    const kept = new Set<number>()
    for (const { place, shared } of order) {
      const more = withParts(parts, new Set([...kept, place]))
      if (more.length <= longest) kept.add(place)
      // What tells names apart is not given up for what they share.
      else if (shared < names.length) return []
      else if (!mayHaveGaps) break
    }
    if (kept.size === 0) return []
    return [[name, kept.has(0) ? withParts(parts, kept) : withBeginning(parts, kept, longest)]]
  })
}

/** The words that the first part begins with, in the room that is left. */
function withBeginning(parts: readonly string[], kept: ReadonlySet<number>, longest: number): string {
  const rest = withParts(parts, kept)
  const words = parts[0]!.slice(0, Math.max(0, longest - rest.length + 1)).replace(/\s*\S*$/, '')
  return `${words}${rest}`
}

/** What is kept, with an ellipsis for what is not. */
function withParts(parts: readonly string[], kept: ReadonlySet<number>): string {
  return parts
    .map((part, place) => {
      if (!kept.has(place)) return kept.has(place - 1) || place === 0 ? '…' : ''
      return place + 1 < parts.length && !kept.has(place + 1) ? part.replace(/[,:]?\s*$/, '') : part
    })
    .join('')
    .replaceAll('……', '…')
}

/** Names cut anywhere: where too many letters are left out for them to differ, the letters that do differ are kept. */
function byLetters(names: readonly string[], longest: number): Shortened {
  const short = new Map(names.map((name) => [name, name.length <= longest ? name : withoutMiddle(name, longest)]))
  const alike = Map.groupBy(names, (name) => short.get(name)!)
  const told = [...alike.values()].flatMap((same) => (same.length > 1 ? keepDifferences(same, longest) : []))
  return [...short, ...told]
}

/** Names tend to share their beginnings, so the end is kept too. */
function withoutMiddle(name: string, longest: number): string {
  return `${name.slice(0, longest - 1 - tailLength).trimEnd()}…${name.slice(-tailLength).trimStart()}`
}

/** Of names that are alike without their middle, what all of them begin or end with is left out instead, as far as that is enough. */
function keepDifferences(names: readonly string[], longest: number): Shortened {
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
  return names.flatMap((name): Shortened => {
    const own = name.slice(beginning.length, Math.max(beginning.length, name.length - ending.length))
    const room = longest - own.length
    if (room < 2) return []
    const after = ending.length < room ? ending : `…${ending.slice(ending.length - Math.floor(room / 2) + 1)}`
    const left = room - after.length
    return [[name, `${beginning.length <= left ? beginning : `${beginning.slice(0, left - 1)}…`}${own}${after}`]]
  })
}
