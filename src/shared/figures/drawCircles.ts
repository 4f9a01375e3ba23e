import { arrangeCircles, circleRadius, circleShape, tokenNames } from '../charts/circleLayout.ts'
import type { MatrixData } from '../matrix.ts'
import type { LinePanel, Series } from '../panel.ts'
import type { Box } from './box.ts'
import { seriesInk } from './drawLegend.ts'
import { drawText, round } from './drawText.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Tokens that have a name, and are larger for it. */
const named = 4
/** In units of the layout, as on screen: what small text is high there. */
const screenText = 11

/** The tokens of every series around a circle of their own, or on a line, each on the scale that its cell has room for. */
export function drawCircles({ series }: LinePanel, box: Box, style: PrintStyle): SvgNode[] {
  const unit = screenText / style.smallSize
  const cells = arrangeCircles(series.length, { width: box.width * unit, height: box.height * unit })
  return cells.map((cell, place) => {
    const one = series[place]!
    const circles = matrixOf(one)
    const scale = circleRadius(circles, 0, cell.radius)
    const shape = circleShape(circles, 0)
    const x = (at: number) => round(box.x + at / unit)
    const y = (at: number) => round(box.y + at / unit)
    const rim = { fill: 'none', stroke: inks.mute, 'stroke-width': style.thinLine }
    const small = { size: style.minSize, ink: inks.quiet, anchor: 'middle' } as const
    const outline = {
      circle: () => [element('circle', { cx: x(cell.x), cy: y(cell.y), r: round(scale.rim / unit), ...rim })],
      line: () => [
        element('line', {
          ...{ x1: x(cell.x - cell.radius), x2: x(cell.x + cell.radius), y1: y(cell.y), y2: y(cell.y) },
          ...rim,
        }),
      ],
      nothing: () => [drawText(x(cell.x), y(cell.y + 3.5), 'zero', small, style)],
    }[shape]()
    const dots = shape === 'nothing' ? [] : Array.from(one.x, (_, token) => token).toReversed()
    const names = tokenNames({ circles, tokens: tokensOf(one) }, 0, cell.x, cell.y, scale, cell.radius)
    return element('g', {}, [
      drawText(x(cell.left + 4), y(cell.top + 12), nameOf(one), { size: style.smallSize, ink: inks.text }, style),
      ...outline,
      ...dots.map((token) =>
        element('circle', {
          cx: x(cell.x + one.x[token]! * scale.scale),
          cy: y(cell.y - one.y[token]! * scale.scale),
          r: token < named ? 1 : 0.7,
          fill: token < named ? inks.text : seriesInk({ ...one, color: 0 }),
        }),
      ),
      ...names.map((name) => drawText(x(name.x), y(name.y + 3), String(name.token), small, style)),
    ])
  })
}

/** A row of the analysis: x, then y. */
function matrixOf({ x, y }: Series): MatrixData {
  return { rows: 1, columns: x.length + y.length, data: Float64Array.of(...x, ...y) }
}

function tokensOf({ with: more, x }: Series): Int32Array {
  const [tokens] = Object.values(more ?? {})
  return Int32Array.from(x, (_, place) => Number(tokens?.[place] ?? place))
}

/** Its number, where it is a frequency: several stand side by side. */
function nameOf({ of, name }: Series): string {
  return of?.frequency === undefined ? name : String(of.frequency)
}
