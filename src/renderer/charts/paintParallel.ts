import { piecesOf } from '../../shared/charts/parallelLines.ts'
import type { ParallelLayout } from '../../shared/charts/parallelLayout.ts'
import type { ParallelPanel } from '../../shared/panel.ts'
import { clearCanvas } from './clearCanvas.ts'
import { tracePieces } from './tracePieces.ts'

export interface ParallelInks {
  palette: readonly string[]
  /** Of what is only known to lie beyond, and of lines that stand back. */
  mute: string
  back: string
}

/** Of so many lines at most: how strong each is, so that where many run together shows. */
const strengths = [
  { upTo: 40, alpha: 1, width: 1.5 },
  { upTo: 150, alpha: 0.7, width: 1.25 },
  { upTo: Infinity, alpha: 0.4, width: 1 },
] as const
const dotRadius = 2

/** All lines, as fine as the screen is: those that stand back under those that are `kept`. */
export function paintParallel(
  canvas: HTMLCanvasElement,
  panel: ParallelPanel,
  layout: ParallelLayout,
  kept: readonly boolean[],
  size: { width: number; height: number },
  inks: ParallelInks,
): void {
  const context = clearCanvas(canvas, size)
  context.lineJoin = 'round'
  const count = kept.filter(Boolean).length
  const strength = strengths.find(({ upTo }) => count <= upTo)!
  const paint = (line: number, ink: string, beyond: string) => {
    const { solid, broken, dots } = piecesOf(panel, layout, line)
    context.strokeStyle = context.fillStyle = ink
    stroke(context, solid)
    for (let k = 0; k < dots.length; k += 2) {
      context.beginPath()
      context.arc(dots[k]!, dots[k + 1]!, dotRadius, 0, 2 * Math.PI)
      context.fill()
    }
    context.strokeStyle = beyond
    context.setLineDash([4, 3])
    stroke(context, broken)
    context.setLineDash([])
  }
  context.lineWidth = 1
  kept.forEach((isKept, line) => {
    if (!isKept) paint(line, inks.back, inks.back)
  })
  context.globalAlpha = strength.alpha
  context.lineWidth = strength.width
  kept.forEach((isKept, line) => {
    const { color } = panel.groups[panel.groupOf[line]!]!
    if (isKept) paint(line, inks.palette[color % inks.palette.length]!, inks.mute)
  })
  context.globalAlpha = 1
}

function stroke(context: CanvasRenderingContext2D, points: readonly number[]): void {
  if (points.length === 0) return
  tracePieces(context, points)
  context.stroke()
}
