import { closeSync, ftruncateSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { assembleRun } from '../../../src/main/journal/assembleRun.ts'
import { createJournal, eventsOf, readFrames, readJournal } from '../../../src/main/journal/journal.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { runExperiment } from '../../../src/main/lab/runExperiment.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { RunEvent, Snapshot } from '../../../src/shared/run.ts'
import { encodeValue } from '../../../src/shared/wire.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()
const header = { key: 'a'.repeat(20), run: 'b'.repeat(20) }

const experiment = parseExperiment({
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
  network: { hidden: 3 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1, steps: 40 },
  record: { measureEvery: 4, snapshots: [7, 16, 20, 33] },
})

async function tell(
  begin: { resumeFrom?: Snapshot; secondsBefore?: number; signal?: AbortSignal } = {},
): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  const options = { runId: header.run, backend: plainBackend('float64'), ...begin }
  for await (const event of runExperiment(toRunSpec(experiment, 0), options)) events.push(event)
  return events.filter(({ type }) => type !== 'progress')
}

let whole: RunEvent[]
let files = 0

async function write(events: readonly RunEvent[]): Promise<string> {
  const path = join(folder, `${files++}.events`)
  const journal = createJournal(path, header)
  for (const event of events) journal.append([event])
  await journal.close()
  return path
}

beforeAll(async () => {
  whole = await tell()
})

describe('a journal', () => {
  it('gives back what was written, to the bit', async () => {
    const told = readJournal(await write(whole), ({ header: own, frames }) => ({ own, events: [...eventsOf(frames)] }))!
    expect(told.own).toEqual(header)
    expect(encodeValue(told.events)).toEqual(encodeValue(whole))
  })

  it.each<[string, (event: RunEvent) => unknown]>([
    ['no list', (event) => event],
    ['a list of something else', () => [7, null]],
    ['an event of an unknown kind', (event) => [{ ...event, type: 'toString' }]],
    ['a start without provenance', () => [{ ...whole[0], provenance: undefined }]],
    ['a start whose split is no list of places', () => [{ ...whole[0], train: [1, 2] }]],
    ['a measurement that is a text', () => [{ ...whole[1], values: { trainLoss: '1' } }]],
    ['an end of another kind', () => [{ ...whole.at(-1), status: 'running' }]],
    ['a matrix of another length', () => [withMatrix(({ data }) => ({ rows: 3, columns: 5, data: data.slice(1) }))]],
    ['a matrix of plain numbers', () => [withMatrix(({ data }) => ({ rows: 5, columns: 3, data: [...data] }))]],
  ])('ends before what no run tells, though its checksum be right: %s', async (_, forge) => {
    const path = join(folder, `${files++}.events`)
    const journal = createJournal(path, header)
    journal.append([whole[0]!, whole[1]!])
    await journal.close()
    const forged = [forge(whole[2]!), [whole.at(-1)!]].map((value) => () => Buffer.from(encodeValue(value)))
    const read = readJournal(path, ({ frames }) => [...eventsOf([...frames, ...forged])])
    expect(encodeValue(read)).toEqual(encodeValue(whole.slice(0, 2)))
  })

  function withMatrix(change: (E: Snapshot['matrices'][string]) => unknown): unknown {
    const event = whole.find((each) => each.type === 'snapshot')!
    return { ...event, snapshot: { ...event.snapshot, matrices: { E: change(event.snapshot.matrices['E']!) } } }
  }

  it('leaves out how far a run is, which nobody asks of one that is over', async () => {
    const progress = { type: 'progress', runId: header.run, sequence: 0, step: 1, steps: 2, tau: 0 } as RunEvent
    const events = readJournal(await write([whole[0]!, progress, whole[1]!]), ({ frames }) => [...eventsOf(frames)])!
    expect(events.map(({ type }) => type)).toEqual([whole[0]!.type, whole[1]!.type])
  })

  /** What is whole in a file that is open, a character for each byte. */
  const wholeIn = (file: number) => Array.from(readFrames(file, ''), (frame) => frame().toString('latin1'))

  it('cut at any byte, or with any byte changed, is a prefix of what was written', async () => {
    const path = await write(whole)
    const bytes = readFileSync(path)
    const file = openSync(path, 'r+')
    const written = wholeIn(file)
    expect(written.length).toBeGreaterThan(5)
    const expectPrefix = () => {
      const read = wholeIn(file)
      expect(read).toEqual(written.slice(0, read.length))
      expect(read.length).toBeLessThan(written.length)
    }
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 0x80, 0xff]) {
        writeSync(file, Buffer.of(bytes[at]! ^ change), 0, 1, at)
        expectPrefix()
      }
      writeSync(file, bytes, at, 1, at)
    }
    expect(wholeIn(file)).toEqual(written)
    for (let length = bytes.length - 1; length >= 0; length--) {
      ftruncateSync(file, length)
      expectPrefix()
    }
    closeSync(file)
  })

  it('followed by anything, by zeros or by its own frames, has no more', async () => {
    const path = await write(whole)
    const bytes = readFileSync(path)
    const file = openSync(path, 'r+')
    const written = wholeIn(file)
    const expectNoMore = (tail: Uint8Array) => {
      ftruncateSync(file, bytes.length)
      writeSync(file, tail, 0, tail.length, bytes.length)
      expect(wholeIn(file)).toEqual(written)
    }
    const last = bytes.subarray(bytes.length - written.at(-1)!.length - 8)
    for (const tail of [Buffer.alloc(100), last, bytes]) expectNoMore(tail)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectNoMore))
    closeSync(file)
  })

  it('is read whole though frames are larger than what is read of a file at once', async () => {
    const path = join(folder, `${files++}.events`)
    const journal = createJournal(path, header)
    const sizes = [2 ** 18 - 3, 7, 2 ** 17, 2 ** 17 - 1, 1, 2 ** 19]
    const events = sizes.map((size, sequence) => {
      const data = Float64Array.from({ length: size }, (_, place) => place + sequence)
      const snapshot = { step: sequence, tau: 0, scalars: {}, matrices: { W: { rows: 1, columns: size, data } } }
      return { type: 'snapshot', runId: header.run, sequence, snapshot } as unknown as RunEvent
    })
    for (const event of events) journal.append([event])
    await journal.close()
    const read = readJournal(path, ({ frames }) => [...eventsOf(frames)])
    expect(read).toEqual(events)
  })

  it('of any size is read as far as it is whole', async () => {
    const path = await write(whole)
    // A hole of the file: it takes no room.
    truncateSync(path, 2 ** 31 + 2 ** 20)
    const read = readJournal(path, ({ frames }) => [...eventsOf(frames)])
    expect(encodeValue(read)).toEqual(encodeValue(whole))
  })

  it('has one writer for ever', async () => {
    const path = await write(whole)
    expect(() => createJournal(path, header)).toThrow(/EEXIST/)
  })

  it('holds nothing without a whole header, and is refused where a newer version wrote it', async () => {
    const path = await write([])
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, -1))
    expect(readJournal(path, () => true)).toBeUndefined()
    const newer = join(folder, 'newer.events')
    await createJournal(newer, { ...header, journal: 2 } as typeof header).close()
    expect(() => readJournal(newer, () => true)).toThrow(/version 2; this program reads up to 1/)
  })
})

describe('the attempts at a run', () => {
  const told = (events: readonly RunEvent[]) =>
    encodeValue(
      events.flatMap<object>(({ sequence: _, ...event }) => {
        if (event.type === 'started') return []
        return 'seconds' in event ? [{ ...event, seconds: 0 }] : [event]
      }),
    )

  it('come to what one run tells, wherever each of them was cut', async () => {
    const cut = fc.double({ min: 0, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 4 }), fc.boolean(), async (cuts, isReversed) => {
        const attempts: RunEvent[][] = []
        for (const share of [...cuts, 1]) {
          const { snapshot, seconds } = assembleRun(attempts)
          const events = await tell({ ...(snapshot && { resumeFrom: snapshot }), secondsBefore: seconds })
          attempts.push(events.slice(0, Math.ceil(share * events.length)))
        }
        const run = assembleRun(isReversed ? attempts.toReversed() : attempts)
        expect(told(run.events)).toEqual(told(whole))
        expect(run.events.map(({ sequence }) => sequence)).toEqual(run.events.map((_, place) => place))
        expect(run.end?.status).toBe('finished')
      }),
      { numRuns: 40 },
    )
  })

  const snapshotAt = (step: number) =>
    whole.findIndex((event) => event.type === 'snapshot' && event.snapshot.step === step)

  it('count for nothing where nobody has what they began from', async () => {
    const saved = whole[snapshotAt(20)] as RunEvent & { type: 'snapshot' }
    const later = await tell({ resumeFrom: saved.snapshot })
    expect(assembleRun([whole.slice(0, snapshotAt(20) + 1), later]).end?.status).toBe('finished')
    const damaged = assembleRun([whole.slice(0, snapshotAt(20)), later])
    expect(damaged.end).toBeUndefined()
    expect(damaged.snapshot?.step).toBe(16)
    expect(assembleRun([later]).events).toEqual([])
  })

  it('come to what one run tells where the first was cancelled before its first step', async () => {
    const cancelled = await tell({ signal: AbortSignal.abort() })
    const saved = cancelled.flatMap((event) => (event.type === 'snapshot' ? event.snapshot.step : []))
    expect(saved).toEqual([0])
    const { snapshot } = assembleRun([cancelled])
    const run = assembleRun([cancelled, await tell(snapshot && { resumeFrom: snapshot })])
    expect(told(run.events)).toEqual(told(whole))
  })

  it('have not ended by being cancelled', () => {
    const end = { ...whole.at(-1)!, status: 'cancelled' } as RunEvent
    const run = assembleRun([[...whole.slice(0, snapshotAt(33) + 1), end]])
    expect(run.end).toBeUndefined()
    expect(run.snapshot?.step).toBe(33)
  })
})
