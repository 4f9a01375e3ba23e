import type { SpecDraft } from './specPaths.ts'

const order = ['name', 'task', 'network', 'initialization', 'dynamics', 'interventions', 'precision', 'seeds', 'record']

/** A draft as JSON to be read: fields in the schema's order, lists of numbers and texts on one line. */
export function formatSpec(draft: SpecDraft): string {
  const known = order.filter((key) => key in draft)
  const others = Object.keys(draft).filter((key) => !order.includes(key))
  const sorted = Object.fromEntries([...known, ...others].map((key) => [key, draft[key]]))
  return JSON.stringify(sorted, null, 2).replace(/\[\n\s+(?:[^[\]{}]*?)\n\s*\]/g, (list) =>
    list.replace(/\n\s*/g, ' ').replace(/^\[ /, '[').replace(/ \]$/, ']'),
  )
}
