/** Of a number, or of the entries of a list. */
export interface Bounds {
  min?: number
  max?: number
  above?: number
  below?: number
}

/** "1 to 16 384", "above 0", "0 to below 1": what may be given, in a few words; empty where choices say it. */
export function describeBounds({ min, max, above, below }: Bounds, write: (value: number) => string): string {
  const [from, to] = [min ?? above, max ?? below]
  if (from === undefined && to === undefined) return ''
  const lower = from === undefined ? '' : `${above === undefined ? '' : 'above '}${write(from)}`
  const upper = to === undefined ? '' : `${below === undefined ? '' : 'below '}${write(to)}`
  if (upper === '') return above === undefined ? `${lower} or more` : lower
  if (lower === '') return below === undefined ? `${upper} or less` : upper
  return `${lower} to ${upper}`
}
