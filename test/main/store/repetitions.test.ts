import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { RunEventBody } from '../../../src/shared/run.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

const rows = [measured(0, { trainLoss: 1, localError: 0.5 }), measured(100, { trainLoss: 0.25 })]
const ended = [snapshot(0), snapshot(100, { reason: 'final' }), settled()]
const story = [started, ...rows, ...ended]

/** What is told of a second run of the same specification, by the other's page. */
function agreement(first: readonly RunEventBody[], second: readonly RunEventBody[], change = ''): boolean | null {
  const archive = open()
  const [own, other] = [first, second].map((events, i) => {
    const [runId] = archive.runs.createExperiment({ spec: smallSpec({ name: `run ${i}` }) }).runIds
    archive.applyEvents(eventsOf(runId!, events))
    return runId!
  }) as [string, string]
  const database = new DatabaseConstructor(archive.path)
  database.exec(change)
  database.close()
  const [repetition] = archive.runs.repetitions(own)
  expect(repetition).toMatchObject({ runId: other, name: 'run 1, seed 0' })
  expect(archive.runs.repetitions(other)[0]!.agrees).toBe(repetition!.agrees)
  return repetition!.agrees
}

describe('two runs of one specification', () => {
  it.each<[string, RunEventBody[]]>([
    ['all that they computed is the same', story],
    ['one measured what the other did not', [started, measured(0, { trainLoss: 1, testMse: 3 }), rows[1]!, ...ended]],
    [
      'one was measured where the other was not',
      [started, ...rows.slice(0, 1), measured(100, { localError: 1 }), ...ended],
    ],
    [
      'one has steps that the other has not',
      [started, ...rows.slice(0, 1), measured(50, { trainLoss: 9 }), rows[1]!, ...ended],
    ],
    ['one kept a state that the other did not', [started, ...rows, snapshot(50), ...ended]],
  ])('agree where %s', (_, other) => {
    expect(agreement(story, other)).toBe(true)
  })

  it.each<[string, RunEventBody[]]>([
    ['a measurement', [started, measured(0, { trainLoss: 1 + 2 ** -52 }), ...ended]],
    ['a later measurement', [started, rows[0]!, measured(100, { trainLoss: 0.5 }), ...ended]],
    ['the sign of a zero', [started, measured(0, { localError: -0 }), ...ended]],
    ['the decay time of a step', [started, { ...rows[0], tau: 1 } as RunEventBody, ...ended]],
    [
      'a matrix',
      [started, ...rows, snapshot(0, { matrices: { E: { rows: 5, columns: 16, data: new Float64Array(80) } } })],
    ],
    ['the split', [{ ...started, train: Int32Array.of(0, 1) } as RunEventBody, ...rows, ...ended]],
  ])('do not where %s differs', (what, other) => {
    const own = what === 'the sign of a zero' ? [started, measured(0, { localError: 0 }), ...ended] : story
    expect(agreement(own, other.at(-1)!.type === 'settled' ? other : [...other, settled()])).toBe(false)
  })

  it('do not where one of them cannot be read, and are not compared where it has no hash of what it computed', () => {
    const longer = [started, rows[0]!, measured(50, { trainLoss: 9 }), rows[1]!, ...ended]
    const damage = "UPDATE chunks SET data = zeroblob(length(data)) WHERE name = 'trainLoss'"
    expect(agreement(story, longer)).toBe(true)
    expect(agreement(story, longer, damage)).toBe(false)
    expect(agreement(story, story, 'UPDATE runs SET resultHash = NULL')).toBe(null)
  })

  it.each<[string, RunEventBody[]]>([
    ['is computed', [started, ...rows]],
    ['waits', []],
    ['was cancelled', [started, ...rows, settled({ status: 'cancelled' })]],
  ])('are not compared while one %s', (_, other) => {
    expect(agreement(story, other)).toBe(null)
    expect(agreement(other, other)).toBe(null)
  })
})
