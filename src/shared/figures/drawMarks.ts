import { markExpectations, markLevels, markMoments } from '../charts/brackets.ts'
import { spotForNothing, type Spot, type Taken } from '../charts/freeSpot.ts'
import { printFace } from '../charts/textWidth.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintLayout } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Levels as dotted lines, expectations as brackets or bands, moments as dashed lines, all with their words, as on screen. */
export function drawMarks({ panel, lines, unit, box, style }: PrintLayout): SvgNode[] {
  const x = (pixel: number) => round(box.x + pixel / unit)
  const y = (pixel: number) => round(box.y + pixel / unit)
  const words = { size: style.smallSize, ink: inks.quiet, halo: true }
  const wordsAt = (label: string, spot: Spot) =>
    drawText(x(spot.x), y(spot.y), label, { ...words, anchor: spot.anchor }, style)
  const face = printFace(style.smallSize * unit)
  const taken: Taken[] = []
  const expected = markExpectations(panel.expectations ?? [], lines, face, taken)
  const levels = markLevels(panel.levels ?? [], lines, face, taken).flatMap((level) => [
    element('line', {
      x1: x(lines.area.left),
      x2: x(lines.area.right),
      y1: y(level.y),
      y2: y(level.y),
      stroke: inks.mute,
      'stroke-width': style.thinLine,
      'stroke-dasharray': '1.5 1.5',
    }),
    ...(level.label === '' ? [] : [wordsAt(level.label, level.spot)]),
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
        wordsAt(mark.label, mark.text),
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
      wordsAt(mark.label, mark.text),
    ]
  })
  const { marks, beyond } = markMoments(panel, lines, face, taken)
  const moments = marks.flatMap((mark) => [
    element('line', {
      x1: x(mark.x),
      x2: x(mark.x),
      y1: y(lines.area.top),
      y2: y(lines.area.bottom),
      stroke: mark.ink ?? (mark.color === undefined ? inks.quiet : inks.palette[mark.color % inks.palette.length]),
      'stroke-width': style.thinLine,
      'stroke-dasharray': mark.tone === 'origin' ? '1 2' : '4 2',
    }),
    ...(mark.label === '' ? [] : [wordsAt(mark.label, mark.spot)]),
  ])
  const nothing = lines.nothing
    ? [wordsAt(lines.nothing, spotForNothing(lines.area, face.widthOf(lines.nothing), taken))]
    : []
  return [...levels, ...expectations, ...moments, ...beyond.map(({ label, spot }) => wordsAt(label, spot)), ...nothing]
}
