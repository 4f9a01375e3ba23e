import { z } from 'zod'
import { createSheet, problemOfWidth } from './sheet.ts'
import { panelSourceSchema } from './sources/sources.ts'
import { venues } from './venues.ts'

const panelChoiceSchema = z.strictObject({ id: z.string().min(1).max(40), source: panelSourceSchema })
export type PanelChoice = z.output<typeof panelChoiceSchema>

/** A figure to be: where it is to be printed, its panels in order, and its caption. */
export const compositionSchema = z
  .strictObject({
    id: z.string().min(1).max(40),
    name: z.string().max(1000),
    venue: z.enum(venues.map(({ id }) => id)),
    width: z.string().max(40),
    /** Height over width of one panel, without what its legend takes. */
    aspect: z.number().min(0.1).max(5),
    columns: z.int().min(1).max(12),
    caption: z.string().max(100_000),
    panels: z.array(panelChoiceSchema).max(200),
  })
  .superRefine((figure, context) => {
    const problem = problemOfWidth(figure)
    if (problem !== null) context.addIssue({ code: 'custom', path: ['width'], message: problem })
  })
export type Composition = z.output<typeof compositionSchema>

export function createComposition(name: string): Composition {
  return { id: newId(), name, ...createSheet(2), caption: '', panels: [] }
}

/** Ids only have to differ within one browser's storage. */
export function newId(): string {
  return Math.random().toString(36).slice(2, 10)
}
