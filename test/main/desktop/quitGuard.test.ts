import { describe, expect, it } from 'vitest'
import { createQuitGuard, type QuitChoice } from '../../../src/main/desktop/quitGuard.ts'

/** A guard, what it did, and how the person answers. */
function guardWith(activeRuns: number) {
  const done: string[] = []
  const world = { activeRuns, paused: 0, isHeld: false, closing: Promise.withResolvers<void>() }
  let decide: (choice: QuitChoice) => void = () => undefined
  let failToAsk: (error: Error) => void = () => undefined
  const guard = createQuitGuard({
    activeRuns: () => world.activeRuns,
    runsGoingOn: () => world.activeRuns - world.paused,
    isHeld: () => world.isHeld,
    ask(count, goingOn) {
      done.push(`ask ${count}${goingOn < count ? `, ${goingOn} going on` : ''}`)
      return new Promise((resolve, reject) => {
        decide = resolve
        failToAsk = reject
      })
    },
    hide: () => done.push('hide'),
    close() {
      done.push('close')
      return world.closing.promise
    },
    quit: () => done.push('quit'),
    onFault: (error) => done.push(String(error)),
  })
  const attempt = () => {
    let passes = true
    guard.intercept({ preventDefault: () => (passes = false) })
    return passes
  }
  const turn = () => new Promise(setImmediate)
  const choose = async (choice: QuitChoice) => {
    decide(choice)
    await turn()
  }
  return { guard, done, world, attempt, choose, turn, failToAsk: (error: Error) => failToAsk(error) }
}

describe('quitGuard', () => {
  it('without active runs closes first and quits then, and lets the second attempt pass', async () => {
    const { done, world, attempt, turn } = guardWith(0)
    expect(attempt()).toBe(false)
    expect(attempt()).toBe(false)
    await turn()
    expect(done).toEqual(['close'])
    world.closing.resolve()
    await turn()
    expect(done).toEqual(['close', 'quit'])
    expect(attempt()).toBe(true)
  })

  it('asks once, however often quitting is tried', async () => {
    const { done, attempt } = guardWith(3)
    expect([attempt(), attempt(), attempt()]).toEqual([false, false, false])
    expect(done).toEqual(['ask 3'])
  })

  it('cancelled, is as if nothing had been asked', async () => {
    const { done, guard, attempt, choose, world, turn } = guardWith(3)
    attempt()
    await choose('cancel')
    world.activeRuns = 0
    guard.runsChanged()
    await turn()
    expect(done).toEqual(['ask 3'])
    world.activeRuns = 2
    attempt()
    expect(done).toEqual(['ask 3', 'ask 2'])
  })

  it('told to stop and keep, closes and quits', async () => {
    const { done, world, attempt, choose, turn } = guardWith(3)
    attempt()
    world.closing.resolve()
    await choose('stopAndKeep')
    await turn()
    expect(done).toEqual(['ask 3', 'close', 'quit'])
  })

  it('told to keep running, takes the window away and quits after the last run', async () => {
    const { done, guard, world, attempt, choose, turn } = guardWith(3)
    attempt()
    await choose('keepRunning')
    expect(done).toEqual(['ask 3', 'hide'])
    world.activeRuns = 1
    guard.runsChanged()
    expect(done).toEqual(['ask 3', 'hide'])
    world.activeRuns = 0
    world.closing.resolve()
    guard.runsChanged()
    guard.runsChanged()
    await turn()
    expect(done).toEqual(['ask 3', 'hide', 'close', 'quit'])
  })

  it('told to keep running, quits after the last run that goes on, though others are paused', async () => {
    const { done, guard, world, attempt, choose, turn } = guardWith(3)
    world.paused = 1
    world.closing.resolve()
    attempt()
    await choose('keepRunning')
    world.activeRuns = 2
    guard.runsChanged()
    expect(done).toEqual(['ask 3, 2 going on', 'hide'])
    world.activeRuns = 1
    guard.runsChanged()
    await turn()
    expect(done).toEqual(['ask 3, 2 going on', 'hide', 'close', 'quit'])
  })

  it('told to keep running, stays while the queue is paused, whatever is taken out of it, but for the last run', async () => {
    const { done, guard, world, attempt, choose } = guardWith(3)
    attempt()
    await choose('keepRunning')
    Object.assign(world, { paused: 3, isHeld: true })
    guard.runsChanged()
    Object.assign(world, { activeRuns: 2, paused: 2 })
    guard.runsChanged()
    expect(done).toEqual(['ask 3', 'hide'])
    Object.assign(world, { activeRuns: 0, paused: 0 })
    guard.runsChanged()
    expect(done).toEqual(['ask 3', 'hide', 'close'])
  })

  it('told to keep running, stays where those that went on are paused meanwhile, until one ends', async () => {
    const { done, guard, world, attempt, choose } = guardWith(2)
    attempt()
    await choose('keepRunning')
    world.paused = 2
    guard.runsChanged()
    expect(done).toEqual(['ask 2', 'hide'])
    Object.assign(world, { activeRuns: 1, paused: 1 })
    guard.runsChanged()
    expect(done).toEqual(['ask 2', 'hide', 'close'])
  })

  it('told to keep running, waits for the last one where those that were paused meanwhile are continued', async () => {
    const { done, guard, world, attempt, choose } = guardWith(2)
    attempt()
    await choose('keepRunning')
    world.paused = 2
    guard.runsChanged()
    world.paused = 0
    guard.runsChanged()
    world.activeRuns = 1
    guard.runsChanged()
    expect(done).toEqual(['ask 2', 'hide'])
    world.activeRuns = 0
    guard.runsChanged()
    expect(done).toEqual(['ask 2', 'hide', 'close'])
  })

  it('quits at once where the last run ended while the question stood', async () => {
    const { done, world, attempt, choose, turn } = guardWith(1)
    attempt()
    world.activeRuns = 0
    world.closing.resolve()
    await choose('keepRunning')
    await turn()
    expect(done).toEqual(['ask 1', 'close', 'quit'])
  })

  it('quits at once where the last run that went on ended while the question stood, though another is paused', async () => {
    const { done, world, attempt, choose, turn } = guardWith(2)
    world.paused = 1
    attempt()
    world.activeRuns = 1
    world.closing.resolve()
    await choose('keepRunning')
    await turn()
    expect(done).toEqual(['ask 2, 1 going on', 'close', 'quit'])
  })

  it('forgets the waiting quit when the person is back', async () => {
    const { done, guard, world, attempt, choose, turn } = guardWith(1)
    attempt()
    await choose('keepRunning')
    guard.stay()
    world.activeRuns = 0
    guard.runsChanged()
    await turn()
    expect(done).toEqual(['ask 1', 'hide'])
  })

  it('goes on waiting where it is tried again and that is cancelled, unless the person came back meanwhile', async () => {
    for (const isBack of [false, true]) {
      const { done, guard, world, attempt, choose, turn } = guardWith(1)
      attempt()
      await choose('keepRunning')
      expect(attempt()).toBe(false)
      if (isBack) guard.stay()
      await choose('cancel')
      world.activeRuns = 0
      world.closing.resolve()
      guard.runsChanged()
      await turn()
      expect(done).toEqual(['ask 1', 'hide', 'ask 1', ...(isBack ? [] : ['close', 'quit'])])
    }
  })

  it('that waits quits once a question is cancelled under which the last run ended', async () => {
    const { done, guard, world, attempt, choose, turn } = guardWith(1)
    attempt()
    await choose('keepRunning')
    attempt()
    world.activeRuns = 0
    world.closing.resolve()
    guard.runsChanged()
    expect(done).toEqual(['ask 1', 'hide', 'ask 1'])
    await choose('cancel')
    await turn()
    expect(done).toEqual(['ask 1', 'hide', 'ask 1', 'close', 'quit'])
  })

  it('does not ask when the system shuts down, also under a question that stands', async () => {
    const { done, guard, world, attempt, choose, turn } = guardWith(2)
    attempt()
    world.closing.resolve()
    await guard.leave()
    await choose('cancel')
    await turn()
    expect(done).toEqual(['ask 2', 'close', 'quit'])
    expect(attempt()).toBe(true)
  })

  it('asks again where the question could not be put', async () => {
    const { done, attempt, turn, failToAsk } = guardWith(2)
    attempt()
    failToAsk(new Error('no display'))
    await turn()
    attempt()
    expect(done).toEqual(['ask 2', 'Error: no display', 'ask 2'])
  })

  it('quits also where closing fails', async () => {
    const { done, guard, world } = guardWith(0)
    world.closing.reject(new Error('the disk is gone'))
    await guard.leave()
    expect(done).toEqual(['close', 'Error: the disk is gone', 'quit'])
  })
})
