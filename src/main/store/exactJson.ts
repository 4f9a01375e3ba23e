/** JSON that keeps NaN, the infinities and negative zero, which JSON has not: they are written as text. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && (!Number.isFinite(inner) || Object.is(inner, -0)) ? nameOf(inner) : inner,
  )
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
