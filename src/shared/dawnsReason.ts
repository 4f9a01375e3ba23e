/** Why there is no GPU in Dawn's own words, from what it wrote to stderr; undefined where it wrote none. */
export function dawnsReason(stderr: string): string | undefined {
  return /^Warning: (.+)$/m.exec(stderr)?.[1]
}
