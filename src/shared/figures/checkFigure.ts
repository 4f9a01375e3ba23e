import { panelEntries } from '../charts/legend.ts'
import type { LinePanel, Panel, ParallelPanel } from '../panel.ts'
import { formatFixed } from '../formatting/formatNumber.ts'
import { minDifference, type Deficiency } from './colorVision.ts'
import type { Composition } from './composition.ts'
import type { FigureDrawing } from './drawFigure.ts'
import { dashArray, seriesInk } from './drawLegend.ts'
import { findVenue, pointsPerInch } from './venues.ts'

/** Something a venue or a reader asks of a figure: whether it holds, and the reading behind that. */
export interface FigureCheck {
  id: string
  label: string
  reading: string
  holds: boolean
}

/** Below this two lines of one chart are hard to tell apart. */
const leastTold = 10
const deficiencies: readonly Deficiency[] = ['protan', 'deutan', 'tritan']

/** Sizes are read from the drawing itself, not from what it was meant to be. */
export function checkFigure(composition: Composition, { markup, width, height, panels }: FigureDrawing): FigureCheck[] {
  const venue = findVenue(composition.venue)
  const texts = valuesOf(markup, 'font-size')
  const lines = valuesOf(markup, 'stroke-width')
  const [minText, minLine] = [Math.min(...texts), Math.min(...lines)]
  const difference = Math.min(
    ...panels.flatMap((panel) =>
      hasColors(panel)
        ? deficiencies.map((each) => minDifference([...new Set(coloredEntries(panel).map(seriesInk))], each))
        : [],
    ),
  )
  const repeated = panels.some((panel) => hasColors(panel) && hasTwins(panel))
  const inches = (points: number) => `${formatFixed(points / pointsPerInch, 2)} in`
  return [
    {
      id: 'width',
      label: 'Fits the width',
      reading: inches(width),
      holds: venue.widths.some((each) => Math.abs(each.inches * pointsPerInch - width) < 0.01),
    },
    {
      id: 'height',
      label: 'Fits the page',
      reading: `${inches(height)} high`,
      holds: height / pointsPerInch <= venue.maxHeight,
    },
    {
      id: 'text',
      label: 'Smallest text',
      reading: texts.length > 0 ? `${formatFixed(minText, 1)} pt of ${venue.minText} pt` : 'none',
      holds: texts.length === 0 || minText >= venue.minText - 1e-9,
    },
    {
      id: 'line',
      label: 'Thinnest line',
      reading: lines.length > 0 ? `${formatFixed(minLine, 2)} pt` : 'none',
      holds: lines.length === 0 || minLine >= venue.minLine - 1e-9,
    },
    {
      id: 'color',
      label: 'Safe for color-blind readers',
      reading: repeated
        ? 'colors repeat'
        : Number.isFinite(difference)
          ? `ΔE ≥ ${formatFixed(difference, 0)}`
          : 'one color',
      holds: !repeated && difference >= leastTold,
    },
  ]
}

/** What has lines that are told apart by their colors. */
type ColoredPanel = LinePanel | ParallelPanel

function hasColors(panel: Panel | null): panel is ColoredPanel {
  return panel?.kind === 'lines' || panel?.kind === 'parallel'
}

/** Whether two lines of a legend look the same; strong lines, dashes and points are told apart by their kind. */
function hasTwins(panel: ColoredPanel): boolean {
  const looks = coloredEntries(panel).map((entry) => `${entry.role} ${seriesInk(entry)} ${dashArray(entry) ?? ''}`)
  return new Set(looks).size < looks.length
}

/** What is muted is no color among others; small planes have one line each, and are told apart by their names. */
function coloredEntries(panel: ColoredPanel) {
  return panelEntries(panel).filter(({ role }) => role !== 'start' && role !== 'context')
}

function valuesOf(markup: string, attribute: string): number[] {
  return [...markup.matchAll(new RegExp(`${attribute}="([\\d.]+)"`, 'g'))].map(([, value]) => Number(value))
}
