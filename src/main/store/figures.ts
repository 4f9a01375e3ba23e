import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { FiguresTaken } from '../../shared/contract/archives.ts'
import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import { tryStep } from '../../shared/tryStep.ts'

/** Of one figure as JSON; those of an archive are read together. */
export const maxFigureBytes = 4 * 2 ** 20
export const maxFigures = 2000

const listed = `SELECT id, CASE WHEN octet_length(document) <= ${maxFigureBytes} THEN document END AS document
  FROM figures ORDER BY rowid DESC LIMIT ${maxFigures}`

export interface StoredFigure {
  id: string
  /** JSON; null where there is more of it than a figure can have. */
  document: string | null
  /** The hash of the document. */
  revision: string
}

/** The figures that people composed, one document each, whatever version understands it. */
export class FigureStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The newest first. */
  list(): StoredFigure[] {
    const rows = this.#database.prepare(listed).all() as Omit<StoredFigure, 'revision'>[]
    return rows.map((row) => ({ ...row, revision: revisionOf(row.document ?? '') }))
  }

  /** Another one where any figure that `list` has was written, added or deleted; one document is read at a time. */
  fingerprint(): string {
    const hash = createHash('sha256')
    const rows = this.#database.prepare(listed).iterate() as Iterable<Omit<StoredFigure, 'revision'>>
    for (const { id, document } of rows) hash.update(JSON.stringify([id, revisionOf(document ?? '')]))
    return hash.digest('hex')
  }

  /**
   * Writes a figure in the place of what was there `before`, null where nothing was, and answers with its revision. Throws CONFLICT where
   * something else is there by now, unless that is the same document.
   */
  write(id: string, document: string, before: string | null): string {
    const bytes = Buffer.byteLength(document)
    if (bytes > maxFigureBytes)
      throw new LabError('TOO_LARGE', `figure ${quote(id)} takes ${bytes} bytes; at most ${maxFigureBytes}`)
    const revision = revisionOf(document)
    const write = this.#database.transaction(() => {
      const found = this.#revision(id)
      if (found === revision) return
      requireSame(id, found, before)
      if (found === null && this.#count() >= maxFigures)
        throw new LabError('TOO_LARGE', `an archive has at most ${maxFigures} figures; delete one first`)
      this.#database
        .prepare(
          'INSERT INTO figures (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document',
        )
        .run(id, document)
    })
    write.immediate()
    return revision
  }

  /** Deletes the figure that was there `before`, unless none is there. Throws CONFLICT where another is there by now. */
  remove(id: string, before: string | null): void {
    const remove = this.#database.transaction(() => {
      const found = this.#revision(id)
      if (found === null) return
      requireSame(id, found, before)
      this.#database.prepare('DELETE FROM figures WHERE id = ?').run(id)
    })
    remove.immediate()
  }

  /**
   * Takes the figures of another archive whose ids none here has, the newest as far as there is room, and counts what it does and what it leaves
   * there. Runs have the ids there that `idOf` gives.
   */
  takeFrom(other: FigureStore, idOf: (runId: string) => string): FiguresTaken {
    let figuresDiffering = 0
    const missing: { id: string; document: string }[] = []
    for (const { id, document, revision } of other.list()) {
      if (document === null) continue
      const here = this.#revision(id)
      const moved = withRuns(document, idOf)
      if (here === null) missing.push({ id, document: moved })
      else if (here !== revision && here !== revisionOf(moved)) figuresDiffering++
    }
    const taken = missing.slice(0, Math.max(0, maxFigures - this.#count()))
    for (const { id, document } of taken.toReversed()) this.write(id, document, null)
    return { figures: taken.length, figuresDiffering, figuresWithoutRoom: missing.length - taken.length }
  }

  #revision(id: string): string | null {
    const document = this.#database.prepare('SELECT document FROM figures WHERE id = ?').pluck().get(id)
    return document === undefined ? null : revisionOf(document as string)
  }

  #count(): number {
    return this.#database.prepare('SELECT count(*) FROM figures').pluck().get() as number
  }
}

function requireSame(id: string, found: string | null, before: string | null): void {
  if (found === before) return
  const what = found === null ? 'was deleted' : before === null ? 'is there already' : 'was changed'
  throw new LabError('CONFLICT', `figure ${quote(id)} ${what} since it was read`)
}

function revisionOf(document: string): string {
  return createHash('sha256').update(document).digest('hex')
}

/** By what a source of any kind names runs, and the archive that has them: that of the figure unless named. */
interface RunsOfSource {
  archive?: string
  runId?: string
  runIds?: string[]
  /** The one that others are held against. */
  reference?: string
}

/** The same with other ids in the sources of its panels; what is no figure stays as it is. */
function withRuns(document: string, idOf: (runId: string) => string): string {
  const moved = tryStep(
    () => {
      const figure = JSON.parse(document) as { panels: { source: RunsOfSource }[] }
      for (const { source } of figure.panels) {
        if (source.archive !== undefined) continue
        for (const name of ['runId', 'reference'] as const)
          if (source[name] !== undefined) source[name] = idOf(source[name])
        if (source.runIds) source.runIds = source.runIds.map(idOf)
      }
      return JSON.stringify(figure)
    },
    () => undefined,
  )
  return moved ?? document
}
