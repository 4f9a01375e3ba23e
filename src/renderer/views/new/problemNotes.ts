import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import type { jsonPlaces } from './jsonPlaces.ts'

/** What is wrong, in a few words, by the line of the JSON where it is. A field that is missing is marked where it belongs. */
export function problemNotes(
  { places, mistake }: ReturnType<typeof jsonPlaces>,
  problems: readonly SpecificationProblem[],
): Map<number, string> {
  if (mistake) return new Map([[mistake.line, mistake.message]])
  const notes = new Map<number, string>()
  for (const { path, message } of problems) {
    const parts = path.split('.')
    let known = parts.length
    while (known > 0 && !places.has(parts.slice(0, known).join('.'))) known--
    const line = places.get(parts.slice(0, known).join('.'))?.from ?? 0
    const missing = parts.slice(known).join('.')
    if (!notes.has(line)) notes.set(line, `${missing === '' ? '' : `${missing}: `}${shortly(path, message)}`)
  }
  return notes
}

/** What is allowed, where the message says so after what was given. */
function shortly(path: string, message: string): string {
  const said = message.replace(`${path}: `, '')
  const needed = /set \S+ to (at least \d+)/.exec(said)?.[1]
  return needed ?? said.replace(/^.*?(?:is not allowed[:;] |allowed: )/, '')
}
