/** A path through x and y in turn; gaps end a piece of it. */
export function tracePieces(context: CanvasRenderingContext2D, points: ArrayLike<number>): void {
  context.beginPath()
  let pen = false
  for (let k = 0; k < points.length; k += 2) {
    const [x, y] = [points[k]!, points[k + 1]!]
    if (Number.isNaN(x)) pen = false
    else if (pen) context.lineTo(x, y)
    else {
      context.moveTo(x, y)
      pen = true
    }
  }
}
