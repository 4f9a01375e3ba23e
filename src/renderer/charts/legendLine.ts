/** Pixels from one row of a chart's legend to the next. */
export const legendLine = 15
/** Pixels from the left border of a chart to its legend. */
export const legendInset = 12
