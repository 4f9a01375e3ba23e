import type { Panel } from '../panel.ts'

/** A panel as it is where its title does not stand above it: its vertical axis says what is measured. */
export function withoutTitle(panel: Panel): Panel {
  if (panel.kind !== 'lines' || panel.y.alone === undefined) return panel
  const { alone, ...y } = panel.y
  return { ...panel, y: { ...y, label: alone } }
}
