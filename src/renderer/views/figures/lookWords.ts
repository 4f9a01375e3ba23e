import type { LegendPlace } from '../../../shared/figures/look.ts'
import { mathematicsCommands } from '../../../shared/formatting/readMathematics.ts'

/** Where a legend, an inset or a note stands, in words. */
export const placeLabels: Record<LegendPlace, string> = {
  above: 'above',
  topLeft: 'within, top left',
  topRight: 'within, top right',
  bottomLeft: 'within, bottom left',
  bottomRight: 'within, bottom right',
  none: 'none',
}

export const mathematicsHelp = {
  text: `Titles, labels and notes may hold mathematics: $x$ is set in italics, _k and _{ij} are lowered, ^2 and ^{−1} raised, and these are written as in LaTeX: ${mathematicsCommands.join(' ')}. A word that is left empty is that of the data.`,
}
