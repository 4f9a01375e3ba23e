/** So many are offered, and names longer than this are not compared. */
const [mostOffered, longestName] = [3, 60]

/**
 * Names that a mistyped one may be meant as, the nearest first: of paths with dots, those as a whole or by their last words, where
 * few letters differ (`weigthDecay`), or the first letters of its parts are given (`lr`, `wd`). Of equally
 * near ones those that lie deeper than others are left out.
 */
export function nearestNames(given: string, names: readonly string[]): string[] {
  if (given.length > longestName) return []
  const most = Math.min(2, Math.ceil(given.length / 3))
  const near = names
    .filter((name) => name !== given)
    .map((name) => ({ name, distance: distanceOf(given.toLowerCase(), name) }))
    .filter(({ distance }) => distance <= most && distance < given.length)
    .map((each) => ({ ...each, depth: each.name.split('.').length }))
    .sort((a, b) => a.distance - b.distance || a.depth - b.depth || a.name.length - b.name.length)
  const [best] = near
  return near
    .filter(({ distance, depth }) => distance === best!.distance && depth === best!.depth)
    .slice(0, mostOffered)
    .map(({ name }) => name)
}

/** The names in words, such as "; did you mean a, b or c?"; nothing of none. */
export function didYouMean(names: readonly string[]): string {
  const [first, ...rest] = names.toReversed()
  if (first === undefined) return ''
  return `; did you mean ${rest.length > 0 ? `${rest.toReversed().join(', ')} or ` : ''}${first}?`
}

function distanceOf(given: string, name: string): number {
  const words = name.split('.').slice(-given.split('.').length)
  const last = words.join('.')
  const initials = words.at(-1)!.replaceAll(/(?<=.)[^A-Z]/g, '')
  const short = [...words.slice(0, -1), initials].join('.').toLowerCase()
  const byInitials = initials.length > 1 && short === given ? 0.5 : Infinity
  return Math.min(editDistance(given, name.toLowerCase()), editDistance(given, last.toLowerCase()), byInitials)
}

/** Letters to insert, drop or exchange to turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
