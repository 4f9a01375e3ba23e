import { compositionSchema, createComposition, newId, type Composition } from '../../shared/figures/composition.ts'
import type { PanelLook } from '../../shared/figures/look.ts'
import type { SharedAxes } from '../../shared/figures/sheet.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { withFile } from './withFile.ts'
import { figuresRead, keepFigure, putOnTable, readFigures } from './keptFigures.ts'

/** What another view begins a figure with. */
export interface FirstPanel {
  source: PanelSource
  look?: PanelLook | undefined
}

/**
 * Begins a figure of some panels, from another view, whose limits may be `share`d; the one on the table becomes it while it is empty. One that
 * was begun so before, with nothing done to it since, is put on the table again.
 */
export async function beginFigure(panels: readonly FirstPanel[], share?: SharedAxes): Promise<Composition> {
  const begun = await Promise.all(panels.map(({ source, look }) => panelOf(source, look)))
  await figuresRead
  const before = begunBefore(begun, share)
  if (before) putOnTable(before.id)
  if (before) return before
  const kept = readFigures()
  const blank = kept[0]?.panels.length === 0 ? kept[0] : createComposition(`Figure ${kept.length + 1}`)
  return keepOnTable({ ...blank, ...(share && { share }), panels: begun })
}

/** A figure, of those that were read, which is as it was begun with these panels, whose sources name files. */
export function begunBefore(panels: readonly FirstPanel[], share?: SharedAxes): Composition | undefined {
  if (panels.length === 0) return undefined
  const begun = panels.map(({ source, look }) => ({ id: newId(), source, ...(look && { look }) }))
  const fresh = contentOf({ ...createComposition(''), ...(share && { share }), panels: begun })
  if (fresh === null) return undefined
  return readFigures().find((each) => /^Figure \d+$/.test(each.name) && contentOf(each) === fresh)
}

/** All that is seen of a figure but its name, in the order of the schema; null of a draft that the schema refuses. */
function contentOf({ panels, ...sheet }: Composition): string | null {
  const content = { ...sheet, id: '-', name: '', panels: panels.map((panel) => ({ ...panel, id: '-' })) }
  const read = compositionSchema.safeParse(content)
  return read.success ? JSON.stringify(read.data) : null
}

/** Puts a panel into the figure that is on the table, from another view; answers with that figure. */
export async function addToFigure(source: PanelSource, look?: PanelLook): Promise<Composition> {
  const panel = await panelOf(source, look)
  await figuresRead
  const [first = createComposition('Figure 1')] = readFigures()
  return keepOnTable({ ...first, panels: [...first.panels, panel] })
}

function keepOnTable(figure: Composition): Composition {
  keepFigure(figure)
  putOnTable(figure.id)
  return figure
}

const panelOf = async (source: PanelSource, look?: PanelLook) => ({
  id: newId(),
  source: await withFile(source),
  ...(look && { look }),
})
