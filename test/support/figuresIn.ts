import { listFigures } from '../../src/main/services/listFigures.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import type { Composition } from '../../src/shared/figures/composition.ts'

/** The figures that an archive keeps, the newest first; another program may write it meanwhile. */
export function figuresIn(archivePath: string): Composition[] {
  const archive = openArchive(archivePath, { readOnly: true })
  try {
    return listFigures(archive.figures).figures.map(({ figure }) => figure)
  } finally {
    archive.close()
  }
}
