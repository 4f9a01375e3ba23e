import { z } from 'zod'
import { panelLook } from './look.ts'
import { checkWidth, createSheet, sheetSchema } from './sheet.ts'
import { panelSourceSchema } from './sources/sources.ts'

const panelChoiceSchema = z.strictObject({
  id: z.string().min(1).max(40),
  source: panelSourceSchema,
  look: panelLook.optional(),
})
export type PanelChoice = z.output<typeof panelChoiceSchema>

/** A figure to be: where it is to be printed, its panels in order, and its caption. */
export const compositionSchema = z
  .strictObject({
    id: z.string().min(1).max(40),
    name: z.string().max(1000),
    ...sheetSchema.shape,
    caption: z.string().max(100_000),
    panels: z.array(panelChoiceSchema).max(200),
  })
  .superRefine(checkWidth)
export type Composition = z.output<typeof compositionSchema>

export function createComposition(name: string): Composition {
  return { id: newId(), name, ...createSheet(2), caption: '', panels: [] }
}

/** Ids only have to differ within one archive. */
export function newId(): string {
  return Math.random().toString(36).slice(2, 10)
}
