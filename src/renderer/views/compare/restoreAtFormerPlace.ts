/** The list with a run where it stood before among those that are still there. */
export function restoreAtFormerPlace(id: string, before: readonly string[], now: readonly string[]): string[] {
  if (now.includes(id)) return [...now]
  const followers = before.slice(before.indexOf(id) + 1)
  const place = now.findIndex((other) => followers.includes(other))
  return now.toSpliced(place < 0 ? now.length : place, 0, id)
}
