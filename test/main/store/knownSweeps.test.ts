import { describe, expect, it } from 'vitest'
import type { RunEnd } from '../../../src/main/store/unwrittenEnds.ts'
import type { ErrorCode } from '../../../src/shared/errors.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

it('the folders of sweeps are known in the order in which they came, each with whether it is computed, until they are forgotten', () => {
  const { path, sweeps } = open()
  sweeps.set({ path: '/b', computes: false })
  sweeps.set({ path: '/a', computes: true })
  sweeps.set({ path: '/b', computes: true })
  const known = () => open(path, { readOnly: true }).sweeps.list()
  expect(known()).toEqual([
    { path: '/b', computes: true },
    { path: '/a', computes: true },
  ])
  sweeps.set({ path: '/a', computes: false })
  sweeps.forget('/b')
  sweeps.forget('/c')
  expect(known()).toEqual([{ path: '/a', computes: false }])
})

describe('of the runs of a sweep', () => {
  /** An archive with the same run four times, all tagged as those of a sweep, and one more of another seed. */
  function sweepRuns() {
    const archive = open()
    const { runs } = archive
    const tags = ['sweep:KEY', 'another']
    const add = (seed: number, tag = tags) =>
      runs.createExperiment({ spec: smallSpec({ seeds: [seed] }), tags: tag }).runIds[0]!
    const [first, second, third, fourth] = [add(0), add(0), add(0), add(0)]
    const other = add(1)
    add(2, ['sweep:KEY2'])
    const finish = (runId: string) => {
      for (const status of ['running', 'finished'] as const) runs.setStatus(runId, status)
    }
    const fail = (code: ErrorCode): RunEnd => ({ status: 'failed', error: { code, message: 'it ended' } })
    const known = () => {
      const found = archive.sweeps.runsOf('KEY')
      for (const key of found.keys()) expect(key).toMatch(/^[0-9a-f]{20}$/)
      return [...found.values()]
    }
    return { ...archive, first, second, third, fourth, other, finish, fail, known }
  }
  const unended = (id: string) => ({ id, hasEnded: false })
  const ended = (id: string) => ({ id, hasEnded: true })

  it('each is known once, the first of several where none has ended', () => {
    const { first, other, known } = sweepRuns()
    expect(known()).toHaveLength(2)
    expect(known()).toEqual(expect.arrayContaining([unended(first), unended(other)]))
  })

  it('one that is not in the bin goes before one that is', () => {
    const { runs, library, first, second, third, fourth, known } = sweepRuns()
    runs.end([first, second, third, fourth], { status: 'cancelled' })
    library.move([first, second], 'bin')
    expect(known()).toContainEqual(unended(third))
    library.move([third, fourth], 'bin')
    expect(known()).toContainEqual(unended(first))
  })

  it('one that has ended goes before one that has not, though it is in the bin', () => {
    const { library, second, fourth, finish, known } = sweepRuns()
    finish(fourth)
    library.move([fourth], 'bin')
    expect(known()).toContainEqual(ended(fourth))
    finish(second)
    expect(known()).toContainEqual(ended(second))
  })

  it.each(['DIVERGED', 'NOT_POSITIVE_DEFINITE', 'ZERO_LOSS_UNREACHABLE'] as const)(
    'one that failed by its dynamics, %s, has ended',
    (code) => {
      const { runs, third, fail, known } = sweepRuns()
      runs.end([third], fail(code))
      expect(known()).toContainEqual(ended(third))
    },
  )

  it('one that failed by the machine, or whose failure has no code, or that was cancelled, has not', () => {
    const { runs, first, second, third, fourth, fail, known } = sweepRuns()
    runs.end([first], fail('DISK_FULL'))
    runs.end([second], { status: 'failed' })
    runs.end([third], { status: 'cancelled' })
    runs.end([fourth], { status: 'cancelled' })
    expect(known()).toContainEqual(unended(first))
  })

  it('those that were added are known by their cells, in the bin too, and none of a sweep whose key only begins alike', () => {
    const { path, runs, library, sweeps } = open()
    const add = (tag: string) => runs.createExperiment({ spec: smallSpec(), tags: [tag] }).runIds[0]!
    const [tenth, second] = [add('sweep:KEY:10'), add('sweep:KEY:2')] as const
    add('sweep:KEY')
    add('sweep:KEY2:3')
    add('sweep:OTHER:4')
    runs.end([tenth], { status: 'cancelled' })
    library.move([tenth], 'bin')
    const cells = [
      [tenth, 10],
      [second, 2],
    ]
    expect([...sweeps.addedTo('KEY')]).toEqual(cells)
    expect([...open(path, { readOnly: true }).sweeps.addedTo('KEY')]).toEqual(cells)
  })
})
