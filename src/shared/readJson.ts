import { findUnacceptable } from './findUnacceptable.ts'
import { withPresentNames } from './formerNames.ts'
import { findJsonMistake, type JsonMistake } from './jsonMistake.ts'

/** What a text of JSON holds, under the names of this version, or where and why it is none. */
export function readJson(text: string): { value?: unknown; mistake: JsonMistake | null } {
  const mistake = findJsonMistake(text)
  if (mistake) return { mistake }
  try {
    const value: unknown = JSON.parse(text)
    const unacceptable = findUnacceptable(value)
    if (unacceptable) {
      const { path, message } = unacceptable
      return { mistake: { at: 0, message: `${path.slice(0, 3).join('.')}${path.length > 3 ? ' …' : ''}: ${message}` } }
    }
    return { value: withPresentNames(value), mistake: null }
  } catch (error) {
    return { mistake: { at: text.length, message: (error as Error).message } }
  }
}
