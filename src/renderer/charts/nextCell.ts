import { frameOf } from '../../shared/charts/mapLayout.ts'

/** The nearest cell that way from another, straight on before aslant; the same one where there is none. */
export function nextCell(outlines: readonly Float64Array[], from: number, right: number, down: number): number {
  const start = frameOf(outlines[from]!)
  let [best, least] = [from, Infinity]
  outlines.forEach((outline, cell) => {
    const { x, y } = frameOf(outline)
    const ahead = (x - start.x) * right + (y - start.y) * down
    const aside = Math.abs((x - start.x) * down) + Math.abs((y - start.y) * right)
    if (ahead <= 0.5 || aside > ahead) return
    const distance = ahead + 3 * aside
    if (distance < least) [best, least] = [cell, distance]
  })
  return best
}
