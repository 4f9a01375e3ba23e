import { describe, expect, it, vi } from 'vitest'
import { outcomes } from '../../../src/shared/errors.ts'
import type { RunStatus } from '../../../src/shared/run.ts'

const requested: [string, string[]][] = []
vi.mock('../../../src/renderer/lab.ts', () => ({
  request: (name: string, { runIds }: { runIds: string[] }) => {
    requested.push([name, runIds])
    return Promise.resolve({ runIds: runIds.map((id) => `${id} again`) })
  },
}))
const { extendVerb, rerunVerb, resumeRefusal, runVerbs, stateOfRuns } =
  await import('../../../src/renderer/composables/runVerbs.ts')

const runs = (...statuses: RunStatus[]) =>
  statuses.map((status, seed) => ({ id: `r${seed}`, seed, status, code: null }))
const labels = (...given: Parameters<typeof runVerbs>) => runVerbs(...given).map(({ label }) => label)

describe('what can be done to runs', () => {
  it('names the run where it is one of several, and how many where they are', () => {
    expect(labels(runs('running'))).toEqual(['Pause', 'Cancel'])
    expect(labels(runs('running'), { among: 5, kind: 'seed' })).toEqual(['Pause seed 0', 'Cancel seed 0'])
    expect(labels(runs('finished', 'running', 'queued', 'paused'), { kind: 'seed' })).toEqual([
      'Pause 2 seeds',
      'Continue seed 3',
      'Cancel 3 seeds',
    ])
    expect(labels(runs('failed', 'interrupted', 'cancelled'))).toEqual(['Resume 3 runs'])
    expect(rerunVerb(runs('finished'), () => {}).label).toBe('Run again exactly')
    expect(rerunVerb(runs('finished', 'running'), () => {}, { kind: 'seed' }).label).toBe('Run 2 seeds again exactly')
    expect(labels(runs('finished', 'finished'))).toEqual([])
  })

  it('is no resuming of what a newer version made, with the reason where all that have stopped are such', () => {
    const isNewer = (id: string) => id !== 'r0'
    expect(labels(runs('failed', 'interrupted', 'queued'), { isNewer })).toEqual([
      'Pause 1 queued',
      'Resume 1 failed',
      'Cancel 1 queued',
    ])
    expect(labels(runs('queued', 'failed'), { isNewer })).toEqual(['Pause 1 queued', 'Cancel 1 queued'])
    expect(resumeRefusal(runs('failed', 'interrupted'), isNewer)).toBe(null)
    expect(resumeRefusal(runs('finished', 'interrupted'), isNewer)).toBe('made by a newer version')
    expect(resumeRefusal(runs('finished', 'finished'), isNewer)).toBe(null)
  })

  it('is no resuming of what ended by its dynamics: it would end at the same step again', () => {
    const ended = outcomes.map((code, seed) => ({ id: `r${seed}`, seed, status: 'failed' as const, code }))
    const isNewer = () => false
    expect(labels(ended)).toEqual([])
    expect(resumeRefusal(ended, isNewer)).toBe('would end at the same step again')
    const died = { id: 'r9', seed: 9, status: 'failed', code: 'WORKER_DIED' } as const
    expect(labels([...ended, died], { kind: 'seed' })).toEqual(['Resume seed 9'])
    expect(resumeRefusal([...ended, died], isNewer)).toBe(null)
  })

  it('is no extending of what ended by its dynamics, nor of what has not ended', async () => {
    const ended = outcomes.map((code, seed) => ({ id: `r${seed}`, seed, status: 'failed' as const, code }))
    const asked: string[][] = []
    const extend = (...[given, naming]: Parameters<typeof runVerbs>) =>
      extendVerb(given, (runIds) => asked.push(runIds), naming)
    const seeds = { kind: 'seed' } as const
    expect(extend(ended, seeds)).toMatchObject({
      label: `Extend ${outcomes.length} seeds…`,
      disabled: true,
      hint: 'would end at the same step again',
    })
    const finished = { id: 'r9', seed: 9, status: 'finished', code: null } as const
    const died = { id: 'r8', seed: 8, status: 'failed', code: 'WORKER_DIED' } as const
    const some = extend([...ended, finished, ...runs('running'), died], seeds)
    expect(some).toMatchObject({ label: 'Extend 2 seeds…', disabled: false })
    await some.run()
    expect(asked).toEqual([['r9', 'r8']])
    expect(extend(runs('running', 'queued'))).toMatchObject({ label: 'Extend…', disabled: true })
    expect(extend(runs('running'))).not.toHaveProperty('hint')
    expect(extend([finished]).label).toBe('Extend…')
  })

  it('says how they stand where all that are meant stand alike', () => {
    expect(labels(runs('running', 'running', 'running', 'finished'))).toEqual(['Pause 3 running', 'Cancel 3 running'])
    expect(labels(runs('paused', 'running'), { among: Infinity })).toEqual([
      'Pause 1 running',
      'Continue 1 paused',
      'Cancel 2 runs',
    ])
  })

  it('computes runs anew, and shows the first of the new ones', async () => {
    requested.length = 0
    const shown: string[] = []
    await rerunVerb(runs('finished', 'failed'), (id) => shown.push(id)).run()
    expect(requested).toEqual([['run.rerun', ['r0', 'r1']]])
    expect(shown).toEqual(['r0 again'])
  })

  it('is done to those that its label counts', async () => {
    requested.length = 0
    for (const verb of runVerbs(runs('finished', 'running', 'queued', 'paused', 'failed'))) await verb.run()
    expect(requested).toEqual([
      ['run.pause', ['r1', 'r2']],
      ['run.continue', ['r3']],
      ['run.resume', ['r4']],
      ['run.cancel', ['r1', 'r2', 'r3']],
    ])
  })
})

it('the state of a group names each where they are not alike', () => {
  expect(stateOfRuns(runs('paused', 'running', 'paused'))).toEqual({ status: 'running', words: '1 running, 2 paused' })
  expect(stateOfRuns(runs('finished', 'finished'))).toEqual({ status: 'finished', words: null })
})
