/**
 * Combinations of one choice from each list, in which any `strength` choices of different lists stand together at least
 * once: far fewer than all, and always the same. Of the combinations left, the one with the most that is new comes next.
 */
export function coveringCases<Case extends object>(
  lists: { readonly [Name in keyof Case]: readonly Case[Name][] },
  strength: number,
): Case[] {
  const names = Object.keys(lists) as (keyof Case)[]
  const together = subsets(names.length, strength)
  const left = product(names.map((name) => lists[name].length))
  const coveredBy = (places: readonly number[]) =>
    together.map((those) => those.map((list) => `${list}:${places[list]!}`).join())
  const missing = new Set(left.flatMap(coveredBy))
  const chosen: Case[] = []
  while (missing.size > 0) {
    const gains = left.map((places) => coveredBy(places).filter((each) => missing.has(each)).length)
    const places = left.splice(gains.indexOf(Math.max(...gains)), 1)[0]!
    for (const each of coveredBy(places)) missing.delete(each)
    chosen.push(Object.fromEntries(names.map((name, list) => [name, lists[name][places[list]!]])) as Case)
  }
  return chosen
}

function product(lengths: readonly number[]): number[][] {
  return lengths.reduce<number[][]>(
    (some, length) => some.flatMap((places) => Array.from({ length }, (_, place) => [...places, place])),
    [[]],
  )
}

function subsets(size: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]]
  return Array.from({ length: size - from }, (_, i) => from + i).flatMap((first) =>
    subsets(size, count - 1, first + 1).map((rest) => [first, ...rest]),
  )
}
