import { afterEach, describe, expect, it, vi } from 'vitest'
import { passSignalsOn } from '../../../src/main/cli/passSignalsOn.ts'
import { stopSignals } from '../../../src/shared/stopSignals.ts'

const told = [...stopSignals, 'SIGUSR1'] as const
let end = () => {}
afterEach(() => {
  end()
})

/** Which of the signals are passed on by listeners that came just now, and which these hear at all. */
function heard(platform: NodeJS.Platform) {
  const before = told.map((signal) => process.listenerCount(signal))
  const kill = vi.fn(() => true)
  end = passSignalsOn({ kill }, platform)
  const own = told.filter((signal, place) => process.listenerCount(signal) > before[place]!)
  for (const signal of own) (process.listeners(signal).at(-1) as NodeJS.SignalsListener)(signal)
  return { own, passedOn: kill.mock.calls.flat() }
}

describe('a program that waits for one that it started', () => {
  it('passes on what it is told', () => {
    expect(heard('linux')).toEqual({ own: told, passedOn: told })
  })

  it('stays under Windows until that has saved what it has, and ends it by nothing', () => {
    expect(heard('win32')).toEqual({ own: stopSignals, passedOn: [] })
  })

  it('hears nothing more once it need not', () => {
    const before = told.map((signal) => process.listenerCount(signal))
    heard('linux')
    end()
    expect(told.map((signal) => process.listenerCount(signal))).toEqual(before)
  })
})
