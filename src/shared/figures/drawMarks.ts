import { markExpectations, markLevels } from '../charts/brackets.ts'
import { spotForNothing, type Taken } from '../charts/freeSpot.ts'
import type { PrintLayout } from './drawLines.ts'
import { drawText, round } from './drawText.ts'
import { inks } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Levels as dotted lines, expectations as brackets or bands, all with their words, as on screen. */
export function drawMarks({ panel, lines, unit, box, style }: PrintLayout): SvgNode[] {
  const x = (pixel: number) => round(box.x + pixel / unit)
  const y = (pixel: number) => round(box.y + pixel / unit)
  const words = { size: style.smallSize, ink: inks.quiet, halo: true }
  const taken: Taken[] = []
  const expected = markExpectations(panel.expectations ?? [], lines, taken)
  const levels = markLevels(panel.levels ?? [], lines, taken).flatMap((level) => [
    element('line', {
      x1: x(lines.area.left),
      x2: x(lines.area.right),
      y1: y(level.y),
      y2: y(level.y),
      stroke: inks.mute,
      'stroke-width': style.thinLine,
      'stroke-dasharray': '1.5 1.5',
    }),
    drawText(x(level.spot.x), y(level.spot.y), level.label, { ...words, anchor: level.spot.anchor }, style),
  ])
  const expectations = expected.flatMap((mark) => {
    if (mark.kind === 'band') {
      return [
        element('rect', {
          x: x(mark.x),
          y: y(mark.y),
          width: round(mark.width / unit),
          height: round(mark.height / unit),
          fill: inks.expected,
          'fill-opacity': 0.13,
        }),
        drawText(x(mark.text.x), y(mark.text.y), mark.label, { ...words, anchor: mark.text.anchor }, style),
      ]
    }
    return [
      element('g', { transform: `translate(${round(box.x)} ${round(box.y)}) scale(${1 / unit})` }, [
        element('path', {
          d: mark.path,
          fill: 'none',
          stroke: inks.expected,
          'stroke-width': style.line,
          'vector-effect': 'non-scaling-stroke',
        }),
      ]),
      drawText(x(mark.text.x), y(mark.text.y), mark.label, { ...words, anchor: mark.text.anchor }, style),
    ]
  })
  const { x: middle, y: baseline, anchor } = spotForNothing(lines.area, taken)
  const nothing = lines.nothing ? [drawText(x(middle), y(baseline), lines.nothing, { ...words, anchor }, style)] : []
  return [...levels, ...expectations, ...nothing]
}
