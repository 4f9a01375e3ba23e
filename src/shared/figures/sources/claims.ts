import { z } from 'zod'
import { LabError } from '../../errors.ts'
import { claimsPanel } from '../../panels/claimsPanel.ts'
import { paper, paperSchema } from './paper.ts'
import type { SourceDescription } from './source.ts'

/** What a figure of a paper claims, with what its newest runs came to. */
export const claimsSchema = paperSchema.omit({ panelId: true }).extend({ kind: z.literal('claims') })

export const claims: SourceDescription<z.output<typeof claimsSchema>> = {
  async load({ figure }, request) {
    const found = await request('paper.show', { figure })
    if (found.claims.length === 0) throw new LabError('NOT_FOUND', `figure: ${figure} claims nothing`)
    return claimsPanel(found.claims, nameOf(figure))
  },
  nameOf: ({ figure }) => nameOf(figure),
  runsBehind: ({ figure }, request) => paper.runsBehind({ kind: 'paper', figure, panelId: 'claims' }, request),
}

function nameOf(figure: string): string {
  return `Claims of ${figure}`
}
