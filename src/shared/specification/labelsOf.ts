/** The labels of a table of kinds, by kind. */
export function labelsOf<Kind extends string>(kinds: Readonly<Record<Kind, { label: string }>>): Record<Kind, string> {
  const entries = Object.entries<{ label: string }>(kinds).map(([kind, { label }]) => [kind, label])
  return Object.fromEntries(entries) as Record<Kind, string>
}
