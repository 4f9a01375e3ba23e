import type { Database } from 'better-sqlite3'
import { tryStep } from '../../shared/tryStep.ts'
import type { Repetition, RunStatus } from '../../shared/run.ts'
import { CurveReader } from './curves.ts'

const maxListed = 20

/**
 * The other runs of a run's specification (however it was written and whatever they are called) and start, the newest first; of branches
 * those of the same snapshot, as far as both say which:
 * whether they came to the same bits in all that both measured and kept, `null` where one of the two has not come to its end.
 */
export function findRepetitions(database: Database, runId: string): Repetition[] {
  const own = database.prepare('SELECT id, name, status, resultHash FROM runs WHERE id = ?').get(runId) as RunRow
  const others = database
    .prepare(
      `SELECT other.id, other.name, other.status, other.resultHash
       FROM runs own JOIN runs other ON other.specificationHash = own.specificationHash AND other.id <> own.id
       JOIN documents ownStart ON ownStart.runId = own.id JOIN documents start ON start.runId = other.id
       WHERE own.id = ? AND other.binnedAt IS NULL AND start.givenStart = ownStart.givenStart
         AND (own.parentRunId IS NULL OR other.parentRunId IS NULL
           OR (other.parentRunId = own.parentRunId AND other.parentStep = own.parentStep))
       ORDER BY other.createdAt DESC, other.rowid DESC LIMIT ${maxListed}`,
    )
    .all(runId) as RunRow[]
  return others.map((other) => ({ runId: other.id, name: other.name, agrees: agree(database, own, other) }))
}

interface RunRow {
  id: string
  name: string
  status: RunStatus
  resultHash: string | null
}

function agree(database: Database, own: RunRow, other: RunRow): boolean | null {
  const isAtItsEnd = ({ status, resultHash }: RunRow) => ['finished', 'failed'].includes(status) && resultHash !== null
  if (!isAtItsEnd(own) || !isAtItsEnd(other)) return null
  if (own.resultHash === other.resultHash) return true
  const agreeInShared = tryStep(
    () => agreeInKept(database, own.id, other.id) && agreeInMeasured(database, own.id, other.id),
    () => undefined,
  )
  return agreeInShared ?? false
}

/** A run that was extended also keeps the state at which it had ended before. */
function agreeInKept(database: Database, own: string, other: string): boolean {
  const differing = database.prepare(
    `SELECT 1 FROM matrices own JOIN matrices other USING (step, name)
     WHERE own.runId = ? AND other.runId = ? AND own.checksum <> other.checksum
     UNION SELECT 1 FROM documents own, documents other
     WHERE own.runId = ? AND other.runId = ? AND own.train IS NOT other.train`,
  )
  return differing.get(own, other, own, other) === undefined
}

/** One version measures what another does not, and not everything can be measured at the step at which a run ends. */
function agreeInMeasured(database: Database, own: string, other: string): boolean {
  const curves = new CurveReader(database)
  const [ownNames, otherNames] = [own, other].map((id) => curves.layout(id).names) as [string[], string[]]
  const columns = (name: string) =>
    [own, other].map((id) => curves.readColumn(id, name)) as [Float64Array, Float64Array]
  const [ownSteps, otherSteps] = columns('step')
  const places = new Map(Array.from(otherSteps, (step, place) => [step, place]))
  return ['tau', ...ownNames.filter((name) => otherNames.includes(name))].every((name) => {
    const [ownValues, otherValues] = columns(name)
    return ownValues.every((value, i) => {
      const found = otherValues[places.get(ownSteps[i]!) ?? -1] ?? NaN
      return Number.isNaN(value) || Number.isNaN(found) || Object.is(value, found)
    })
  })
}
