import { findUnacceptable } from './findUnacceptable.ts'
import { withPresentNames } from './formerNames.ts'

/** Where a text stops being JSON. */
export interface JsonMistake {
  at: number
  message: string
}

/** What a text of JSON holds, under the names of this version, or where and why it is none. */
export function readJson(text: string): { value?: unknown; mistake: JsonMistake | null } {
  try {
    const value: unknown = JSON.parse(text)
    const unacceptable = findUnacceptable(value)
    if (unacceptable) {
      const { path, message } = unacceptable
      return { mistake: { at: 0, message: `${path.slice(0, 3).join('.')}${path.length > 3 ? ' …' : ''}: ${message}` } }
    }
    return { value: withPresentNames(value), mistake: null }
  } catch (error) {
    const { message } = error as Error
    const found = /at position (\d+)/.exec(message)
    const words = message.replace(/(?: in JSON)?(?: at position \d+)?(?: \(line \d+ column \d+\))?$/, '')
    return { mistake: { at: found ? Number(found[1]) : text.length, message: words } }
  }
}
