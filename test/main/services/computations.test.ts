import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { callAlone, createComputations } from '../../../src/main/services/computations.ts'
import type { WorkerProcess } from '../../../src/main/engine/host/workerProcess.ts'

/** Answers calls with nothing but progress, and ends when it is killed. */
function silentWorker(killed: () => void): WorkerProcess {
  let tell = (_: unknown): void => {}
  let end = (_: { code: null; signal: string; stderr: string }): void => {}
  return {
    pid: undefined,
    post: (message) => tell({ type: 'progress', id: (message as { id: number }).id, done: 2, of: null }),
    onMessage: (listener) => (tell = listener),
    onExit: (listener) => (end = listener),
    kill() {
      killed()
      end({ code: null, signal: 'SIGKILL', stderr: '' })
    },
  }
}

describe('long computations', () => {
  const told: unknown[] = []
  const start = () => createComputations((name, data) => void told.push([name, data]))

  it('tell under their names how far they are, and answer with what came of them', async () => {
    told.length = 0
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
    onTestFinished(() => clock.mockRestore())
    const answer = await start().run('one', {}, ({ onProgress }) => {
      onProgress(0, 3)
      // What follows at once is not told, but for the end.
      onProgress(1, 3)
      onProgress(3, 3)
      return Promise.resolve('done')
    })
    expect(answer).toBe('done')
    expect(told).toEqual([
      ['computation.progress', { computation: 'one', done: 0, of: 3 }],
      ['computation.progress', { computation: 'one', done: 3, of: 3 }],
    ])
  })

  it('are cancelled with their worker, and say so', async () => {
    told.length = 0
    let kills = 0
    const computations = start()
    const worker = () => silentWorker(() => kills++)
    const input = {} as Parameters<typeof callAlone<'analysis.compute'>>[2]
    const requested = computations.run('one', input, (task) => callAlone(worker, 'analysis.compute', input, task))
    expect(told).toEqual([['computation.progress', { computation: 'one', done: 2, of: null }]])
    expect(() => computations.run('one', { step: 1 }, () => Promise.resolve())).toThrow(/under way as "one"/)
    computations.cancel('another')
    expect(kills).toBe(0)
    computations.cancel('one')
    await expect(requested).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(kills).toBeGreaterThan(0)
    await expect(computations.run('one', input, () => Promise.resolve('again'))).resolves.toBe('again')
  })

  it('are joined by who asks the same again under the same name', async () => {
    const computations = start()
    const { promise, resolve } = Promise.withResolvers<string>()
    let begun = 0
    const ask = () => computations.run('one', { setting: { samples: 60 } }, () => (begun++, promise))
    const [first, again] = [ask(), ask()]
    expect(() => computations.run('one', { setting: { samples: 61 } }, () => promise)).toThrow(
      'computation: another is under way as "one"; allowed: a new name',
    )
    resolve('done')
    expect([await first, await again, begun]).toEqual(['done', 'done', 1])
  })

  it('fail with what went wrong in them, where nobody cancelled them', async () => {
    const failed = start().run('one', {}, () => Promise.reject(new RangeError('a defect')))
    await expect(failed).rejects.toThrow(RangeError)
  })

  it('have all ended when the laboratory closes', async () => {
    const computations = start()
    const never = computations.run(
      'one',
      {},
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
    )
    const ended = expect(never).rejects.toMatchObject({ code: 'CANCELLED' })
    await computations.close()
    await ended
  })
})
