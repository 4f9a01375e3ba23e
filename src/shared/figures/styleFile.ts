import { z } from 'zod'
import { parseInput } from '../parseInput.ts'
import { sheetSchema, type Sheet } from './sheet.ts'

/** What tells such a file from others of JSON. */
const form = 'grokscope figure style'
const styleSchema = z.strictObject({ form: z.literal(form), ...sheetSchema.shape })

/** The style of a figure as a file: its venue and size, and how all its panels are drawn. */
export function toStyleFile(figure: Sheet): string {
  return `${JSON.stringify({ form, ...sheetOf(figure) }, null, 2)}\n`
}

/** The style in what a file holds. Throws INVALID_FILE that names the field, its value and what is allowed. */
export function readStyle(given: unknown, fileName: string): Sheet {
  return sheetOf(parseInput(styleSchema, given, { code: 'INVALID_FILE', whole: fileName, prefix: `${fileName}: ` }))
}

/** A figure in the style of another; what that one leaves out is as usual. */
export function inStyle<Figure extends Sheet>(figure: Figure, style: Sheet): Figure {
  const own = Object.entries(figure).filter(([name]) => !(name in sheetSchema.shape))
  return { ...Object.fromEntries(own), ...sheetOf(style) } as Figure
}

function sheetOf(figure: Sheet): Sheet {
  const parts = Object.entries(figure).filter(([name, value]) => name in sheetSchema.shape && value !== undefined)
  return Object.fromEntries(parts) as unknown as Sheet
}
