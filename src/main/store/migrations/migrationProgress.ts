import { channel } from 'node:diagnostics_channel'

/** How far an archive has come that is being brought to a newer version, while whoever opens it waits. */
export interface MigrationProgress {
  path: string
  from: number
  to: number
  runs: number
  /** Of all steps, from 0 to 1. */
  share: number
}

/** Opening returns an archive, not how it came to be open: who wants to know listens here. */
export const migrationProgress = channel('grokscope:migration')

/** Tells of the share of a piece of work that is done, from 0 to 1. */
export type Tell = (share: number) => void

/** The work from `start` to `end` of a longer one. */
export function partOf(tell: Tell, start: number, end: number): Tell {
  return (share) => tell(start + share * (end - start))
}
