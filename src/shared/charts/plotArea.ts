/** Where the data are drawn within a chart, in pixels from its top left corner. */
export interface PlotArea {
  left: number
  right: number
  top: number
  bottom: number
}

export interface Margins {
  left: number
  right: number
  top: number
  bottom: number
}

export const lineMargins: Margins = { left: 44, right: 16, top: 30, bottom: 38 }

/** What margins leave of a chart of some size; at least one pixel. */
export function plotArea(size: { width: number; height: number }, margins: Margins): PlotArea {
  return {
    left: margins.left,
    right: Math.max(margins.left + 1, size.width - margins.right),
    top: margins.top,
    bottom: Math.max(margins.top + 1, size.height - margins.bottom),
  }
}
