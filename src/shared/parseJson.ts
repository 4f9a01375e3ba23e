import { LabError } from './errors.ts'
import { findJsonMistake } from './jsonMistake.ts'
import { placeIn } from './placeIn.ts'

/**
 * What a text of JSON holds; messages call it by `name`. Throws INVALID_FILE with the place where it is none, or where an
 * object of it has a name twice.
 */
export function parseJson(text: string, name: string): unknown {
  const mistake = findJsonMistake(text)
  if (mistake) throw new LabError('INVALID_FILE', `${name}, ${placeIn(text, mistake.at)}: ${mistake.message}`)
  return JSON.parse(text) as unknown
}
