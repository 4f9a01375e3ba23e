/**
 * Tags as they are typed, with commas between them, to begin with those that are given. One of these, or of those that are known,
 * stays whole where it has commas of its own, unless it reads like several of those that are given.
 */
export function splitTags(text: string, given: readonly string[] = [], known: readonly string[] = []): string[] {
  const begun = `, ${given.join(', ')}, `
  const whole = [...given, ...known.filter((tag) => !begun.includes(`, ${tag}, `))]
    .filter((tag) => tag.includes(','))
    .toSorted((one, other) => other.length - one.length)
  const tags: string[] = []
  for (let rest = text.trim(); rest !== '';) {
    const tag = whole.find((each) => rest.startsWith(each) && /^\s*(,|$)/.test(rest.slice(each.length)))
    const end = rest.indexOf(',', tag?.length)
    const typed = end < 0 ? rest : rest.slice(0, end)
    tags.push(typed.trim())
    rest = rest.slice(typed.length + 1).trim()
  }
  return [...new Set(tags)].filter((tag) => tag !== '')
}
