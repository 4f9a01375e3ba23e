import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createWatchedRuns } from '../../src/renderer/watchedRuns.ts'
import { maxWatched } from '../../src/shared/contract/inputs.ts'

describe('the runs that a page watches', () => {
  const send = vi.fn()
  beforeEach(() => send.mockReset())

  it('are those that any part of it shows, each once, and are told when they are others', () => {
    const watched = createWatchedRuns(send)
    let table = ['a', 'b']
    const endTable = watched.add(() => table)
    const endRail = watched.add(() => ['b', 'c'])
    expect(send, 'before it is time').not.toHaveBeenCalled()
    watched.send()
    table = ['b', 'a']
    watched.send()
    expect(send.mock.calls).toEqual([[['a', 'b', 'c']]])
    endRail()
    watched.send()
    endTable()
    watched.send()
    watched.send()
    expect(send.mock.calls.slice(1)).toEqual([[['b', 'a']], [[]]])
  })

  it('are no more than the host takes', () => {
    const watched = createWatchedRuns(send)
    watched.add(() => Array.from({ length: 3 * maxWatched }, (_, place) => String(place)))
    watched.send()
    expect((send.mock.calls[0]![0] as string[]).length).toBe(maxWatched)
  })

  it('are none of a part that has gone, though another shows the same', () => {
    const watched = createWatchedRuns(send)
    const shown = () => ['a']
    const end = watched.add(shown)
    watched.add(shown)
    end()
    watched.send()
    expect(send.mock.calls).toEqual([[['a']]])
  })
})
