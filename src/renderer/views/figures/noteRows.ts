import type { PanelLook } from '../../../shared/figures/look.ts'

type Note = NonNullable<PanelLook['notes']>[number]

/** A note in a list, under a key that stays its own while it is changed and others are taken out. */
export interface NoteRow {
  note: Note
  key: symbol
}

/** The rows of some notes, given those before: of as many, one that was not there is what the one in its place was changed to. */
export function noteRows(notes: readonly Note[], before: readonly NoteRow[]): NoteRow[] {
  const changedAt = (place: number) =>
    notes.length === before.length && !notes.includes(before[place]!.note) ? before[place] : undefined
  return notes.map((note, place) => {
    const known = before.find((row) => row.note === note) ?? changedAt(place)
    return { note, key: known?.key ?? Symbol('note') }
  })
}
