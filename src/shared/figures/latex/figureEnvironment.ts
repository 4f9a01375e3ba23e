import type { Composition } from '../composition.ts'
import { describeVenue, findVenue } from '../venues.ts'
import { toLatex } from './toLatex.ts'

/** A figure as LaTeX has it, at its own size, with its caption; how its runs were made is a comment below. */
export function figureEnvironment(
  {
    name,
    venue: venueId,
    width,
    caption,
    panels,
  }: Pick<Composition, 'name' | 'venue' | 'width' | 'caption' | 'panels'>,
  { file, methods }: { file: string; methods: string },
): string {
  const venue = findVenue(venueId)
  const isWide = width === 'full' && venue.widths.some(({ id }) => id === 'column')
  const environment = isWide ? 'figure*' : 'figure'
  const words = toLatex(onOneLine(caption))
  const label =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'figure'
  return [
    `% ${panels.length === 1 ? '1 panel' : `${panels.length} panels`} for ${venue.label}: ${describeVenue(venue)}`,
    '% The picture has the width of its place: no scaling is needed.',
    `\\begin{${environment}}`,
    '  \\centering',
    `  \\includegraphics{${file}}`,
    `  \\caption{${words}}`,
    `  \\label{fig:${label}}`,
    `\\end{${environment}}`,
    '',
    ...(methods === '' ? [] : ['% How the runs were made:', `% ${toLatex(onOneLine(methods))}`, '']),
  ].join('\n')
}

/** A comment ends with its line, and a caption has no paragraphs. */
function onOneLine(words: string): string {
  return words.trim().replaceAll(/\s+/g, ' ')
}
