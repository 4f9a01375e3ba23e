import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { request } from '../lab.ts'

/** As a figure keeps it: with the file of the archive that it is of, whose id another may have once that is closed. */
export async function withFile(source: PanelSource): Promise<PanelSource> {
  if (!('archive' in source) || source.archive === undefined) return source
  const open = await request('archive.list', {})
  const found = open.find(({ id }) => id === source.archive)
  return found ? { ...source, archive: found.path } : source
}
