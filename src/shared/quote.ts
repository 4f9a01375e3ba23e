import { escapeActing } from './printable.ts'
import { shorten } from './shorten.ts'

const longest = 200

/** A value from outside as a message shows it: JSON of one line, cut at 200 characters, however large or deep it is. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing'
  return shorten(escapeActing(write(value, longest + 1)), longest)
}

/** JSON of the value, or of enough of it for `room` characters. Each level takes one, so that depth is bounded too. */
function write(value: unknown, room: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room))
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  let text: string = open
  for (const key of isList ? value.keys() : Object.keys(value)) {
    if (text.length >= room) return text
    if (text.length > 1) text += ','
    if (!isList) text += `${write(key, room - text.length)}:`
    text += write((value as Record<PropertyKey, unknown>)[key], room - text.length)
  }
  return text + close
}
