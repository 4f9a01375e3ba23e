import type { HeatmapPanel } from '../panel.ts'
import type { FrequencyBlock } from './matrixOrder.ts'

/** A matrix whose columns are units in an order, those of one dominant frequency, one after the other, as a block. */
export function withBlocks(panel: HeatmapPanel, blocks: readonly FrequencyBlock[]): HeatmapPanel {
  if (blocks.length === 0) return panel
  const columnBlocks = blocks.map(({ frequency, from, to }) => ({
    from,
    to,
    label: frequency > 0 ? String(frequency) : 'none',
  }))
  return { ...panel, columnBlocks }
}
