import type { HostRequest } from '../../contract.ts'
import { filePath } from '../../filePath.ts'
import type { Panel } from '../../panel.ts'

/** The file of an archive beside the one that has the figure; without it the runs are of that one. */
export const otherArchive = filePath.optional()

/** Runs that a picture shows, by their ids in an archive: one's own unless named. */
export interface RunsBehind {
  runIds: readonly string[]
  archive?: string | undefined
}

/** A kind of picture that a figure can have as a panel: what names one, and how its data are got from a host. */
export interface SourceDescription<Source> {
  /** The panel with its data. Throws where there is nothing to draw, saying what is missing. */
  load(source: Source, request: HostRequest): Promise<Panel>
  /** Words for lists, also before its data are there. */
  nameOf(source: Source, panel: Panel | null): string
  runsBehind(source: Source, request: HostRequest): Promise<RunsBehind>
}
