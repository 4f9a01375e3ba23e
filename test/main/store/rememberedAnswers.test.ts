import DatabaseConstructor from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { readRest, type InParts } from '../../../src/main/store/inParts.ts'
import { RememberedAnswers } from '../../../src/main/store/rememberedAnswers.ts'
import { RunRecords } from '../../../src/main/store/runRecords.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

/** Records of some runs. */
function recordsOf(count: number): { records: RunRecords; runIds: readonly string[] } {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [...Array(count).keys()] }) })
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  database.pragma('synchronous = off')
  onTestFinished(() => void database.close())
  return { records: new RunRecords(database), runIds }
}

it('as many of the latest answers are remembered as fit into the memory, and always the last', () => {
  const question = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), length: fc.nat(150) })
  fc.assert(
    fc.property(fc.array(question), (questions) => {
      const revision = { all: 0, lasting: 0, writtenSince: () => null }
      const remembered = new RememberedAnswers<Uint8Array>(revision, {
        maxBytes: 100,
        bytesOf: ({ byteLength }) => byteLength,
      })
      let model: { key: string; value: Uint8Array }[] = []
      for (const { key, length } of questions) {
        const known = model.find((each) => each.key === key)
        const value = remembered.remember(key, 'all', () => new Uint8Array(length))
        if (known) expect(value).toBe(known.value)
        model = [...model.filter((each) => each !== known), { key, value }]
        const bytes = () => model.reduce((sum, each) => sum + each.value.byteLength, 0)
        while (bytes() > 100 && model.length > 1) model.shift()
        expect(remembered.bytes).toBe(bytes())
      }
    }),
  )
})

it('what is not true any more is not held beside what is read in its place', () => {
  const revision = { all: 0, lasting: 0, writtenSince: () => null }
  const remembered = new RememberedAnswers<Uint8Array>(revision, {
    maxBytes: 100,
    bytesOf: (value) => value.byteLength,
  })
  remembered.remember('a', 'all', () => new Uint8Array(40))
  revision.all += 1
  remembered.remember('a', 'all', () => {
    expect(remembered.bytes).toBe(0)
    return new Uint8Array(50)
  })
  expect(remembered.bytes).toBe(50)
})

it('an answer is always what reading would give, through whatever is written, renewed or not', () => {
  const { records, runIds } = recordsOf(4)
  const write = fc.record({
    does: fc.constant('write' as const),
    run: fc.nat(3),
    also: fc.nat(3),
    isProgress: fc.boolean(),
  })
  const ask = fc.record({
    does: fc.constant('ask' as const),
    lasting: fc.constantFrom('all' as const, 'lasting' as const),
    isRenewed: fc.boolean(),
  })
  const act = fc.oneof(
    { arbitrary: write, weight: 2 },
    { arbitrary: ask, weight: 3 },
    fc.record({ does: fc.constant('elsewhere' as const) }),
    fc.record({ does: fc.constant('rewrite' as const) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const remembered = new RememberedAnswers<number[]>(records.revision, { maxBytes: 1e6, bytesOf: () => 1 })
      /** How often something was written of each run, with how far it has come and without. */
      const written = { all: runIds.map(() => 0), lasting: runIds.map(() => 0) }
      const note = (run: number, isProgress: boolean) => {
        written.all[run]! += 1
        if (!isProgress) written.lasting[run]! += 1
      }
      let elsewhere = 0
      for (const each of acts) {
        if (each.does === 'write') {
          records.change([runIds[each.run]!, runIds[each.also]!], () => {}, { isProgress: each.isProgress })
          for (const run of new Set([each.run, each.also])) note(run, each.isProgress)
        } else if (each.does === 'rewrite') {
          records.rewrite(() => {})
          for (const run of runIds.keys()) note(run, false)
        } else if (each.does === 'elsewhere') {
          elsewhere += 1
          remembered.lookAt(String(elsewhere))
          for (const run of runIds.keys()) note(run, false)
        } else {
          const now = written[each.lasting]
          const renew = (known: number[], ids: readonly string[]) =>
            known.map((value, run) => (ids.includes(runIds[run]!) ? now[run]! : value))
          const answer = remembered.remember(
            each.lasting,
            each.lasting,
            () => [...now],
            each.isRenewed ? renew : undefined,
          )
          expect(answer).toEqual(now)
        }
      }
    }),
    { numRuns: 60 },
  )
})

it('what is true at this moment alone is read every time and takes no memory', () => {
  const revision = { all: 0, lasting: 0, writtenSince: () => null }
  const remembered = new RememberedAnswers<number[]>(revision, { maxBytes: 100, bytesOf: () => 1 })
  expect([1, 2, 3].map((now) => remembered.remember('age', 'moment', () => [now])[0])).toEqual([1, 2, 3])
  expect(remembered.bytes).toBe(0)
})

it('an answer is renewed where something was written of at most 500 runs, and read anew where of more, or where it cannot be', () => {
  const revision = { all: 0, lasting: 0, writtenSince: () => new Set<string>() }
  const remembered = new RememberedAnswers<string[]>(revision, { maxBytes: 100, bytesOf: () => 1 })
  const answerAfter = (count: number, renew: () => string[] | undefined) => {
    revision.all += 1
    revision.writtenSince = () => new Set(Array.from({ length: count }, (_, run) => String(run)))
    return remembered.remember('a', 'all', () => ['read'], renew)[0]
  }
  expect(answerAfter(1, () => ['renewed'])).toBe('read')
  expect(answerAfter(500, () => ['renewed'])).toBe('renewed')
  expect(answerAfter(501, () => ['renewed'])).toBe('read')
  expect(answerAfter(1, () => undefined)).toBe('read')
})

it('what was written is known for a thousand changes, and not beyond where runs came or went', () => {
  const { records, runIds } = recordsOf(3)
  const { revision } = records
  const [first, second, third] = runIds as [string, string, string]
  const start = revision.all
  records.change([first], () => {})
  const between = revision.all
  for (let i = 0; i < 998; i++) records.change([second], () => {}, { isProgress: true })
  records.change([third, second], () => {}, { isProgress: true })
  expect(revision.writtenSince(start)).toEqual(new Set(runIds))
  expect(revision.writtenSince(between)).toEqual(new Set([second, third]))
  expect(revision.writtenSince(revision.all)).toEqual(new Set())
  records.change([second], () => {})
  expect(revision.writtenSince(start)).toBeNull()
  expect(revision.writtenSince(between)).toEqual(new Set([second, third]))
  records.forget([third])
  expect(revision.writtenSince(between)).toBeNull()
  const gone = revision.all
  records.change([first], () => {})
  expect(revision.writtenSince(gone)).toEqual(new Set([first]))
})

it('an answer that is read in parts is the one that is read at once, whatever is written meanwhile', () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ do: 'readPart' } as const) },
    fc.constant({ do: 'remember' } as const),
    fc.record({ do: fc.constant('write' as const), place: fc.nat(9) }),
    fc.constant({ do: 'add' } as const),
    fc.constant({ do: 'writeElsewhere' } as const),
  )
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let stored = Array.from({ length: 10 }, (_, i) => i)
      let others = 0
      const changes: (number | null)[] = []
      const revision = {
        all: 0,
        lasting: 0,
        writtenSince(all: number) {
          const since = changes.slice(all)
          return since.includes(null) ? null : new Set(since.map(String))
        },
      }
      const note = (change: number | null) => void (revision.all = changes.push(change))
      const remembered = new RememberedAnswers<number[]>(revision, { maxBytes: 0, bytesOf: () => 1 })
      function* begin(): InParts<number[]> {
        const read: number[] = []
        for (let place = 0; place < stored.length; place++) {
          read.push(stored[place]!)
          yield
        }
        return read
      }
      const renew = (known: number[], runIds: readonly string[]) =>
        known.map((value, place) => (runIds.includes(String(place)) ? stored[place]! : value))
      for (const each of actions) {
        remembered.lookAt(String(others))
        if (each.do === 'readPart') remembered.readPart('a', 'all', begin)
        else if (each.do === 'remember') {
          expect(remembered.remember('a', 'all', () => readRest(begin()), renew)).toEqual(stored)
        } else if (each.do === 'write') {
          stored = stored.map((value, place) => (place === each.place ? value + 100 : value))
          note(each.place)
        } else if (each.do === 'add') {
          stored = [...stored, stored.length]
          note(null)
        } else {
          stored = stored.map((value) => value + 1)
          others += 1
        }
      }
    }),
    { numRuns: 500 },
  )
})

it('what is needed while it is read in parts is not read again', () => {
  const revision = { all: 0, lasting: 0, writtenSince: () => new Set<string>() }
  const remembered = new RememberedAnswers<Uint8Array>(revision, { maxBytes: 9, bytesOf: () => 1 })
  let read = 0
  function* begin(): InParts<Uint8Array> {
    for (; read < 5; read++) yield
    return Uint8Array.of(read)
  }
  const again = () => expect.fail('it is read a second time')
  expect([remembered.readPart('a', 'all', begin), remembered.readPart('a', 'all', again)]).toEqual([true, true])
  expect(read).toBe(1)
  expect([...remembered.remember('a', 'all', again)]).toEqual([5])
  expect(remembered.readPart('a', 'all', again)).toBe(false)
})
