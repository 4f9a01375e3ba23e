import { linesWithin } from '../../charts/linesWithin.ts'
import type { ParallelPanel } from '../../panel.ts'
import type { Box } from '../box.ts'
import { drawAround, drawLegendWithin, layOutPrintedParallel, parallelPen } from '../drawParallel.ts'
import type { PlotOptions } from '../printStyle.ts'
import type { ScriptArray } from './scriptArray.ts'
import { drawNodes, rounded } from './drawNodes.ts'
import { call, expression } from './python.ts'
import { writeScale } from './writeScale.ts'

/** Upright axes of their own limits and scales, and lines through the heights of their values there, a row of the arrays each. */
export function writeParallel(
  panel: ParallelPanel,
  box: Box,
  options: PlotOptions,
  name: string,
  arrays: Record<string, ScriptArray>,
): string[] {
  const { style } = options
  const printed = layOutPrintedParallel(panel, box, style)
  const { area, axes } = printed.layout
  const { colors, ...pen } = parallelPen(panel, style)
  const [lines, count] = [panel.groupOf.length, axes.length]
  const rows = (of: (line: number, k: number) => number): ScriptArray => ({
    shape: [lines, count],
    data: Float64Array.from({ length: lines * count }, (_, place) => of(Math.floor(place / count), place % count)),
  })
  const kept = linesWithin(panel)
  Object.assign(arrays, {
    [`${name}_values`]: rows((line, k) => panel.axes[k]!.values[line]!),
    [`${name}_beyond`]: rows((line, k) => Number(panel.axes[k]!.isBeyond?.[line] ?? false)),
    [`${name}_group`]: { shape: [lines], data: Float64Array.from(panel.groupOf) },
    [`${name}_kept`]: { shape: [lines], data: Float64Array.from(kept, Number) },
  })
  const height = rounded((area.bottom - area.top) / printed.unit)
  return [
    `${name} = []`,
    ...axes.flatMap(({ x, scale, ticks, side }, k) => {
      const axis = expression(`${name}[${k}].yaxis`)
      const place = [rounded(printed.x(x)), rounded(printed.y(area.top)), height, side]
      return [
        `${name}.append(${call('upright', place, { line_width: style.thinLine })})`,
        writeScale(axis, scale),
        call('ticks', [axis, ticks.major.map(({ at }) => at), ticks.major.map(({ label }) => label), ticks.minor], {
          size: style.smallSize,
          width: style.thinLine,
        }),
        call('halo', [axis]),
        ...drawNodes(drawAround(panel, k, printed, style)),
      ]
    }),
    call('lines_across', [expression(name), name, colors], {
      width: pen.width,
      back_width: pen.backWidth,
      alpha: pen.opacity,
      beyond: pen.beyond,
      back: pen.back,
      dashes: pen.dashes.split(' ').map(Number),
    }),
    ...drawNodes(drawLegendWithin(panel, printed, options)),
  ]
}
