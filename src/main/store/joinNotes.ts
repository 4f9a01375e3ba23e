/**
 * What becomes of notes that were written from those of `before`: the written ones, and above them those that somebody else has
 * written meanwhile.
 */
export function joinNotes(now: string, before: string, written: string): string {
  if (now === before || now === written) return written
  return [now, written].filter((text) => text.trim() !== '').join('\n\n')
}
