import type { ArchiveOpening } from '../../shared/contract/archives.ts'
import { countThings } from '../../shared/formatting/countThings.ts'

/** How far an archive is that is not open yet. */
export function openingWords({ isCopied, runs, share }: ArchiveOpening): string {
  if (runs === null) return isCopied ? 'A copy is being made' : 'Checking the archive'
  return `${Math.round(100 * share)} % of ${countThings(runs, 'run')}`
}
