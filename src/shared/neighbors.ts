/** The place of the greatest entry at or below `value` in an ascending list; −1 where all lie above. */
export function placeAtOrBelow(ascending: ArrayLike<number>, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The place of the entry nearest to `value`; the lower one where two are as near. −1 in an empty list. */
export function nearestPlace(ascending: ArrayLike<number>, value: number): number {
  const below = placeAtOrBelow(ascending, value)
  if (below === ascending.length - 1) return below
  if (below < 0) return 0
  return value - ascending[below]! <= ascending[below + 1]! - value ? below : below + 1
}

/** Up to `reach` entries after `value` and as many before it, nearest first: what scrubbing will ask for next. */
export function neighbors(ascending: readonly number[], value: number, reach: number): number[] {
  const place = placeAtOrBelow(ascending, value)
  const exact = ascending[place] === value
  const found: number[] = []
  for (let distance = 1; distance <= reach; distance++) {
    const after = ascending[place + distance]
    const before = ascending[place - distance + (exact ? 0 : 1)]
    if (after !== undefined) found.push(after)
    if (before !== undefined) found.push(before)
  }
  return found
}
