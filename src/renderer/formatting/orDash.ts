/** A number as it is written, or a dash where there is none. */
export function orDash(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? '–' : format(value)
}
