import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../../src/shared/errors.ts'

const host = vi.hoisted(() => ({
  requests: [] as [string, unknown][],
  tell: (_: { computation: string; done: number; of: number | null }): void => {},
  remove: (_: { runIds: string[] }): void => {},
}))
vi.mock('../../../src/renderer/lab.ts', () => ({
  request: (name: string, input: unknown) => Promise.resolve(void host.requests.push([name, input])),
  on: (name: string, listener: typeof host.tell & typeof host.remove) =>
    (host[name === 'run.removed' ? 'remove' : 'tell'] = listener),
}))
const { cancelComputations, compute, isCancelled, resultOf, useComputation } =
  await import('../../../src/renderer/composables/useComputation.ts')

/** Work that ends when the test says so. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let name = ''
  const begin = vi.fn((task: { name: string }) => {
    name = task.name
    return promise
  })
  return { begin, resolve, reject, nameOf: () => name }
}

describe('a computation', () => {
  beforeEach(() => void (host.requests.length = 0))

  it('is done once for all who ask while it is under way, and its result is there for who comes later', async () => {
    const { begin, resolve } = work()
    const requested = [compute('a', begin), compute('a', begin)]
    expect(begin).toHaveBeenCalledTimes(1)
    expect(resultOf('a')).toBeNull()
    resolve('found')
    expect(await Promise.all(requested)).toEqual(['found', 'found'])
    expect(resultOf('a')).toBe('found')
    expect(useComputation(() => ['a']).progress.value).toBeNull()
  })

  it('tells how far it is to whoever looks, whenever they began to look', async () => {
    const [first, second] = [work(), work()]
    const ends = [compute('b', first.begin), compute('c', second.begin)]
    host.tell({ computation: first.nameOf(), done: 2, of: 5 })
    expect(useComputation(() => ['b']).progress.value).toMatchObject({ done: 2, of: 5 })
    host.tell({ computation: second.nameOf(), done: 1, of: 5 })
    const together = useComputation(() => ['b', 'c', 'not begun'])
    expect(together.progress.value).toMatchObject({ done: 3, of: 10 })
    host.tell({ computation: second.nameOf(), done: 1, of: null })
    expect(together.progress.value).toMatchObject({ done: 3, of: null })
    host.tell({ computation: 'of another page', done: 9, of: 9 })
    expect(together.progress.value).toMatchObject({ done: 3 })
    first.resolve('')
    second.resolve('')
    await Promise.all(ends)
    expect(together.progress.value).toBeNull()
  })

  it('is cancelled on the host by its name, keeps no result, and can be begun again', async () => {
    const { begin, resolve, nameOf } = work()
    const requested = compute('d', begin)
    useComputation(() => ['d']).cancel()
    expect(host.requests).toEqual([['computation.cancel', { computation: nameOf() }]])
    // The answer was on its way already.
    resolve('too late')
    expect(isCancelled(await requested.catch((error: unknown) => error))).toBe(true)
    expect(resultOf('d')).toBeNull()
    await expect(compute('d', () => Promise.resolve('anew'))).resolves.toBe('anew')
  })

  it('that is cancelled has ended for whoever waits, before the host answers', async () => {
    const [left, kept] = [work(), work()]
    const ends = [compute('left 1', left.begin), compute('kept 1', kept.begin)]
    cancelComputations((key) => key.startsWith('left '))
    expect(isCancelled(await ends[0]!.catch((error: unknown) => error))).toBe(true)
    expect(host.requests).toEqual([['computation.cancel', { computation: left.nameOf() }]])
    expect(useComputation(() => ['left 1']).progress.value).toBeNull()
    kept.resolve('done')
    expect(await ends[1]).toBe('done')
  })

  it('keeps no result of a run that was removed, of whose id another may come, and those of all others', async () => {
    for (const key of ['states run-1 undefined', 'states run-2 undefined', 'benchmark'])
      await compute(key, () => Promise.resolve(key))
    host.remove({ runIds: ['run-1', 'run-9'] })
    expect(resultOf('states run-1 undefined')).toBeNull()
    expect(resultOf('states run-2 undefined')).toBe('states run-2 undefined')
    expect(resultOf('benchmark')).toBe('benchmark')
  })

  it('that fails says why, and is no cancelled one', async () => {
    const failure = new LabError('NOT_FOUND', 'there is no snapshot')
    await expect(compute('e', () => Promise.reject(failure))).rejects.toBe(failure)
    expect(isCancelled(failure)).toBe(false)
    expect(useComputation(() => ['e']).progress.value).toBeNull()
  })
})
