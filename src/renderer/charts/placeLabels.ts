/** Something named at a height: `at` is where it is, the label lies near there. */
export interface LabelWish {
  at: number
}

/**
 * Heights for labels, each as near to its wish as may be, `distance` apart and within [least, most]. Labels that meet
 * are joined into a block, which is centered on the wishes of its members.
 */
export function placeLabels(wishes: readonly LabelWish[], distance: number, min: number, max: number): number[] {
  interface Block {
    members: number[]
    top: number
  }
  const order = wishes.map((_, place) => place).sort((a, b) => wishes[a]!.at - wishes[b]!.at)
  const settle = (members: number[]): Block => {
    const center = members.reduce((sum, member, k) => sum + wishes[member]!.at - k * distance, 0) / members.length
    const height = (members.length - 1) * distance
    return { members, top: Math.max(min, Math.min(center, max - height)) }
  }
  const blocks: Block[] = []
  for (const member of order) {
    let block = settle([member])
    for (let above = blocks.at(-1); above; above = blocks.at(-1)) {
      if (above.top + above.members.length * distance <= block.top + 1e-9) break
      blocks.pop()
      block = settle([...above.members, ...block.members])
    }
    blocks.push(block)
  }
  const heights = new Array<number>(wishes.length)
  for (const block of blocks) block.members.forEach((member, k) => (heights[member] = block.top + k * distance))
  return heights
}
