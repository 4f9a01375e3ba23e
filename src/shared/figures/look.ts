import { z } from 'zod'
import { curveColors } from '../charts/dressCurves.ts'
import { plainText } from '../plainText.ts'

const words = plainText(z.string().max(300))
/** Letters of a whole document would do for a panel; more ticks or notes than these nobody reads. */
const [maxTicks, maxNotes] = [50, 50]
/** As many as a panel can have runs: of all but one it may say that they are hidden. */
const maxCurves = 20_000

/** What of an axis is another than its panel has it. */
export const axisLook = z.strictObject({
  /** Words with mathematics as `readMathematics` takes it. */
  label: words.optional(),
  scale: z.enum(['linear', 'log']).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** Where it has ticks, in place of round numbers. */
  ticks: z.array(z.number()).max(maxTicks).optional(),
  /** Of a logarithmic axis: whether it has a place for 0, before a break. */
  zero: z.boolean().optional(),
})

export const corners = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const
export const legendPlaces = ['above', ...corners, 'none'] as const
/** Columns of a figure at most, and so of a panel. */
export const maxColumns = 12

/** What of a single curve is another: whether it is seen, drawn as a mean is, and its place in the palette. */
export const curveLook = z.strictObject({
  hidden: z.literal(true).optional(),
  strong: z.literal(true).optional(),
  color: z
    .int()
    .min(0)
    .max(curveColors - 1)
    .optional(),
})

/** What of a panel is another than its data have it: words, axes, places, in the panel's own units. */
export const panelLook = z.strictObject({
  /** Without it a matrix has that of its data, and lines have none. */
  title: words.optional(),
  x: axisLook.optional(),
  y: axisLook.optional(),
  /** The scale of colors of a matrix. */
  color: axisLook.pick({ label: true, min: true, max: true }).optional(),
  legend: z.enum(legendPlaces).optional(),
  /** Columns that it takes. */
  span: z.int().min(1).max(maxColumns).optional(),
  /** Words at places of the axes. */
  notes: z
    .array(z.strictObject({ x: z.number(), y: z.number(), text: words.min(1) }))
    .max(maxNotes)
    .optional(),
  /** By the names of its curves. */
  curves: z
    .record(z.string().min(1).max(1000), curveLook)
    .refine((looks) => Object.keys(looks).length <= maxCurves, `names more than ${maxCurves} curves`)
    .optional(),
  /** A part of the horizontal axis, larger, in a corner. */
  inset: z.strictObject({ from: z.number(), to: z.number(), corner: z.enum(corners) }).optional(),
})

export type Corner = (typeof corners)[number]
export type LegendPlace = (typeof legendPlaces)[number]
export type AxisLook = z.output<typeof axisLook>
export type PanelLook = z.output<typeof panelLook>
