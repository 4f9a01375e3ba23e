import { composedSchema } from '../experiment.ts'

const order = [...new Set(['name', 'study', ...Object.keys(composedSchema.shape)])]

/** A specification, right or wrong, as JSON to be read: fields in the schema's order, lists of plain values on one line. */
export function formatSpec(draft: Readonly<Record<string, unknown>>): string {
  const known = order.filter((key) => key in draft)
  const others = Object.keys(draft).filter((key) => !order.includes(key))
  const sorted = Object.fromEntries([...known, ...others].map((key) => [key, draft[key]]))
  return formatJson(sorted)
}

/** JSON to be read, with lists of plain values on one line. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/\[\n\s+(?:[^[\]{}]*?)\n\s*\]/g, (list) =>
    list.replace(/\n\s*/g, ' ').replace(/^\[ /, '[').replace(/ \]$/, ']'),
  )
}
