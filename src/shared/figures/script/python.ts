/** A value of Python: text, number, list, tuple or None. */
export type PythonValue = string | number | boolean | null | readonly PythonValue[] | PythonExpression

/** What stands in a script as it is written. */
export interface PythonExpression {
  expression: string
}

export const expression = (text: string): PythonExpression => ({ expression: text })

/** As Python writes it. */
export function toPython(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return toPythonNumber(value)
  if ('expression' in value) return value.expression
  return `[${value.map(toPython).join(', ')}]`
}

/** Digits alone are a Python integer, of which NumPy makes no number once it passes 64 bits: large ones have a point. */
function toPythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'np.nan'
  if (!Number.isFinite(value)) return value > 0 ? 'np.inf' : '-np.inf'
  const isLargeInteger = Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21
  return isLargeInteger ? `${value}.0` : String(value)
}

/** `name(a, b, key=value)`; what is left out is undefined. */
export function call(
  name: string,
  values: readonly PythonValue[],
  options: Readonly<Record<string, PythonValue | undefined>> = {},
): string {
  const named = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}=${toPython(value)}`,
  )
  return `${name}(${[...values.map(toPython), ...named].join(', ')})`
}
