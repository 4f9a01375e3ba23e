/** Where two values differ, if that is one text alone, such as `panels.0.look.title`; else null. */
export function changedText(before: unknown, after: unknown): string | null {
  const places = differences(before, after, '')
  return places?.length === 1 ? places[0]! : null
}

/** The places of texts that differ; null where something else does. */
function differences(before: unknown, after: unknown, at: string): string[] | null {
  if (before === after) return []
  if (isText(before) && isText(after)) return [at]
  if (!isRecord(before) || !isRecord(after)) return null
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const found: string[] = []
  for (const name of names) {
    const inside = differences(before[name], after[name], `${at}.${name}`)
    if (inside === null) return null
    found.push(...inside)
  }
  return found
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
