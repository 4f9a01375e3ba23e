import { z } from 'zod'
import type { SvgNode } from '../figures/svgNode.ts'
import { filePath } from '../filePath.ts'
import type { FileData } from './archives.ts'
import { specification } from './inputs.ts'

/** What a figure is drawn of. */
const drawingTags = [
  'svg',
  'g',
  'path',
  'line',
  'rect',
  'circle',
  'text',
  'tspan',
  'image',
  'clipPath',
  'linearGradient',
  'stop',
] as const
const drawingNode: z.ZodType<SvgNode, SvgNode> = z.lazy(() =>
  z.union([
    z.string().max(5000),
    z.strictObject({
      tag: z.enum(drawingTags),
      attributes: z.record(z.string().max(40), z.union([z.string().max(20_000_000), z.number()])),
      children: z.array(drawingNode),
    }),
  ]),
)
/** Points of a page: PDF allows no more. */
const pageLength = z.number().min(1).max(14_400)
const drawing = z.strictObject({ root: drawingNode, width: pageLength, height: pageLength })
/** What a figure was when it was read, by its hash; null where there was none. */
const before = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()

/** The path of the archive that it is meant for, as `figure.list` has it: another archive answers CONFLICT. */
const archive = filePath.optional()

/** Of figures that people compose: those that the archive keeps, and figures as files. */
export const figureRequests = {
  /** Those that the archive keeps. */
  'figure.list': z.strictObject({}),
  /** Keeps a figure, as `compositionSchema` has it. CONFLICT where the archive has another than it had `before`. */
  'figure.write': z.strictObject({ figure: specification, before, archive }),
  'figure.remove': z.strictObject({ id: z.string().min(1).max(40), before, archive }),
  'figure.pdf': z.strictObject({ name: z.string().max(1000), drawing }),
  /** As SVG, its words as outlines of the faces that PDF has. */
  'figure.outlined': z.strictObject({ drawing }),
  /** A script for matplotlib that draws a figure again, and its data; the figure as `compositionSchema` has it. */
  'figure.script': z.strictObject({ figure: specification }),
} as const

/** A figure of the archive, as `compositionSchema` has it. */
export interface KeptFigure<Figure = Record<string, unknown>> {
  figure: Figure
  revision: string
}

export interface FigureList<Figure = Record<string, unknown>> {
  /** The newest first. */
  figures: KeptFigure<Figure>[]
  /** The ids of what is no figure of this version, as one of a newer version is. */
  others: string[]
}

/** With the path of the archive that has them. */
export interface OwnFigureList<Figure = Record<string, unknown>> extends FigureList<Figure> {
  archive: string
}

export interface FigureResponses {
  'figure.list': OwnFigureList
  'figure.write': { revision: string }
  'figure.remove': null
  /** With the letters that no font of the host has. */
  'figure.pdf': FileData & { missing: string[] }
  'figure.script': FileData[]
  'figure.outlined': { bytes: Uint8Array; missing: string[] }
}

export interface FigureEvents {
  /** That a figure is another than before: as it is, or null where it was deleted. Without one, that any may be. */
  'figure.changed': { id: string; kept: KeptFigure | null } | null
}
