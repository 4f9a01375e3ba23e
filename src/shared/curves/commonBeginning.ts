/** What all names begin with; it ends where a part ends in all of them, so that no word is cut. */
export function commonBeginning(names: readonly string[]): string {
  const [first = '', ...rest] = names
  let length = 0
  while (length < first.length && rest.every((name) => name[length] === first[length])) length++
  const cut = first.slice(0, length)
  const end = Math.max(cut.lastIndexOf(': '), cut.lastIndexOf(', ')) + 2
  return end >= 2 ? first.slice(0, end) : ''
}
