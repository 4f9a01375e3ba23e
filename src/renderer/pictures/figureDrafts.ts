import { compositionSchema, type Composition } from '../../shared/figures/composition.ts'
import { forget, keep, keptNames, readKept } from '../composables/useKept.ts'

/** What was done to a figure in this browser, and is not in the archive yet. */
export interface FigureDraft {
  readonly id: string
  /** The path of the archive that it belongs to; null where it is of none yet, and belongs to the first that can be written. */
  readonly archive: string | null
  /** Null where it was deleted. */
  readonly figure: Composition | null
  /** The revision of what the archive had of it; null where that was nothing. */
  readonly before: string | null
  /** When it was done, in milliseconds; no two are of one time. */
  readonly at: number
}

/** Each is kept under a name of its own, so that no page writes over what another has done to other figures, or to another archive. */
const prefix = 'figure.'
/** Where browsers kept all figures before archives did. */
const formerName = 'figures'

export function draftNow(of: Omit<FigureDraft, 'at'>): FigureDraft {
  return { ...of, at: Date.now() + Math.random() }
}

/** Those of an archive and of none yet, the oldest first. What this version does not understand, as it is of a newer one, stays where it is. */
export function readDrafts(archive: string): FigureDraft[] {
  const drafts = keptNames(prefix).flatMap((name) => readDraft(name) ?? [])
  return drafts.filter((draft) => draft.archive === null || draft.archive === archive).toSorted((a, b) => a.at - b.at)
}

/** Makes drafts of the figures that a browser kept before archives did; the first of them was on the table. */
export function takeFormerFigures(): Composition | undefined {
  const former = readKept<unknown[]>(formerName, [], Array.isArray)
  const figures = former.map((kept) => compositionSchema.safeParse(kept).data)
  for (const [place, figure] of figures.entries()) {
    if (figure && !readDraft(prefix + figure.id))
      keepDraft({ id: figure.id, archive: null, figure, before: null, at: -place })
  }
  const others = former.filter((_, place) => !figures[place])
  if (others.length > 0) keep(formerName, others)
  else forget(formerName)
  return figures.find((figure) => figure !== undefined)
}

/** Where the browser has no room, nothing of the figure is kept in it, and this throws: an older draft would cover what the archive has by then. */
export function keepDraft(draft: FigureDraft): void {
  try {
    keep(nameOf(draft), draft)
  } catch (error) {
    forget(nameOf(draft))
    throw error
  }
}

/** Whether it is still what this browser has: another page may have got it into the archive, or have gone on with it. */
export function isDraftKept(draft: FigureDraft): boolean {
  return readDraft(nameOf(draft))?.at === draft.at
}

/** Once the archive has it. */
export function forgetDraft(draft: FigureDraft): void {
  if (isDraftKept(draft)) forget(nameOf(draft))
}

function nameOf({ id, archive }: FigureDraft): string {
  return prefix + (archive === null ? id : JSON.stringify([archive, id]))
}

function readDraft(name: string): FigureDraft | undefined {
  const kept = readKept<Partial<Record<keyof FigureDraft, unknown>>>(name, {}, (value) => typeof value === 'object')
  const { id, figure, before, at, archive = null } = kept
  if (typeof id !== 'string' || (before !== null && typeof before !== 'string')) return undefined
  if (typeof at !== 'number' || (archive !== null && typeof archive !== 'string')) return undefined
  if (figure === null) return { id, archive, figure, before, at }
  const read = compositionSchema.safeParse(figure)
  return read.success ? { id, archive, figure: read.data, before, at } : undefined
}
