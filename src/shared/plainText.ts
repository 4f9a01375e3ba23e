import { z } from 'zod'
import { findActing } from './printable.ts'

/** A text that only says something: without characters that act on what shows it, but for those allowed. */
export function plainText<Text extends z.ZodType<string>>(text: Text, { allowed = '' } = {}): Text {
  return text.superRefine((value, context) => {
    const found = findActing(value, allowed)
    if (!found) return
    const code = found.character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    const what = 'control characters and marks of direction are not allowed'
    context.addIssue({ code: 'custom', message: `character ${found.at + 1} is U+${code}; ${what}` })
  })
}
