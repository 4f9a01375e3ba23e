import type { Box } from './box.ts'
import type { Corner } from './look.ts'

const distance = 4

/** A box of a size in a corner of another, a little away from its borders, and not beyond them. */
export function cornerBox(outer: Box, { width, height }: Pick<Box, 'width' | 'height'>, corner: Corner): Box {
  const isRight = corner === 'topRight' || corner === 'bottomRight'
  const isLow = corner === 'bottomLeft' || corner === 'bottomRight'
  const beside = Math.max(0, outer.width - width - distance)
  const below = Math.max(0, outer.height - height - distance)
  return {
    x: outer.x + (isRight ? beside : Math.min(distance, beside)),
    y: outer.y + (isLow ? below : Math.min(distance, below)),
    width,
    height,
  }
}
