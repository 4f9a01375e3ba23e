import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { JobHost } from '../../../src/main/cli/jobHost.ts'
import { watchRuns } from '../../../src/main/cli/watchRuns.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { formatCount } from '../../../src/shared/formatting/formatNumber.ts'
import type { Preparation } from '../../../src/shared/preparation.ts'
import type { RunStatus, RunSummary } from '../../../src/shared/run.ts'

describe('watching runs', () => {
  beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
  afterEach(() => void vi.restoreAllMocks())

  it('waits for the runs that were asked for and for no others, also for one that goes on', async () => {
    const { host, tell } = fakeHost()
    const watch = watchRuns(host, false)
    let ended: string[] | undefined
    tell('early', 'finished')
    const waiting = watch.untilEnded(['early', 'a', 'b']).then((runs) => (ended = runs.map(({ id }) => id)))
    tell('another', 'running')
    tell('a', 'finished')
    tell('a', 'queued')
    tell('b', 'failed')
    await Promise.resolve()
    expect(ended).toBeUndefined()
    tell('a', 'cancelled')
    await waiting
    expect(ended).toEqual(['early', 'a', 'b'])
    watch.end()
  })

  it('is over at once where none is left', async () => {
    const { host } = fakeHost()
    const watch = watchRuns(host, false)
    expect(await watch.untilEnded([])).toEqual([])
    watch.end()
  })

  it('asks after a run as often as it is told of, however many others there are', async () => {
    const { host, tell, asked } = fakeHost()
    const watch = watchRuns(host, false)
    const ids = Array.from({ length: 300 }, (_, i) => `run${i}`)
    for (const id of ids) tell(id, 'queued')
    const waiting = watch.untilEnded(ids)
    const before = asked()
    for (const id of ids) tell(id, 'finished')
    await waiting
    expect(asked() - before).toBeLessThan(10 * ids.length)
    watch.end()
  })
})

it('lines say now and then how far the training of a start is', () => {
  vi.useFakeTimers()
  const written: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  onTestFinished(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
  const { host, prepare } = fakeHost()
  const watch = watchRuns(host, false)
  for (let done = 1000; done <= 30_000; done += 1000) {
    prepare('a', { doing: 'training', done, of: 30_000 })
    vi.advanceTimersByTime(1000)
  }
  watch.end()
  const said = [1000, 11_000, 21_000].map(
    (done) => `a training its start (${formatCount(done)} of ${formatCount(30_000)})\n`,
  )
  expect(written).toEqual(said)
})

describe('bars on a terminal', () => {
  const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  let written: string
  const setTerminal = (rows: number) => Object.assign(process.stderr, { isTTY: true, rows })

  beforeEach(() => {
    written = ''
    vi.useFakeTimers()
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text)
      return true
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    delete (process.stderr as { rows?: number }).rows
    delete (process.stderr as { isTTY?: boolean }).isTTY
    if (isTTY) Object.defineProperty(process.stderr, 'isTTY', isTTY)
  })

  it.each(['all have ended', 'their host is gone'])(
    'leave the terminal to what is written next once %s',
    async (end) => {
      setTerminal(24)
      const { host, tell, leave } = fakeHost()
      const watch = watchRuns(host, false)
      const waiting = watch.untilEnded(['a'])
      tell('a', 'running')
      vi.advanceTimersByTime(1000)
      expect(written).toContain('running')
      expect(isWrapping(written)).toBe(false)
      if (end === 'all have ended') tell('a', 'finished')
      else leave()
      await waiting.catch(() => undefined)
      expect(isWrapping(written)).toBe(true)
      const before = written
      vi.advanceTimersByTime(1000)
      watch.end()
      tell('a', 'running')
      vi.advanceTimersByTime(1000)
      expect(written).toBe(before)
    },
  )

  it('are drawn only while runs are waited for, so that a command can write before', () => {
    setTerminal(24)
    const { host, tell } = fakeHost()
    const watch = watchRuns(host, false)
    tell('a', 'running')
    vi.advanceTimersByTime(1000)
    watch.end()
    expect(written).toBe('')
  })

  it('are of runs that are computed, never more than there are rows, and a line counts all', () => {
    setTerminal(10)
    const { host, tell } = fakeHost()
    const watch = watchRuns(host, false)
    const ids = Array.from({ length: 40 }, (_, i) => `run${i}`)
    for (const id of ids) tell(id, 'queued')
    void watch.untilEnded(ids)
    const drawn = () => {
      vi.advanceTimersByTime(1000)
      return screenOf(written)
    }
    expect(drawn()).toEqual(['40 queued'])
    for (const id of ids.slice(0, 30)) tell(id, 'running')
    const full = drawn()
    expect(full).toHaveLength(9)
    expect(full[0]).toBe('10 queued, 30 running; 22 being computed not shown')
    for (const id of ids.slice(0, 28)) tell(id, 'finished')
    const later = drawn()
    expect(later[0]).toBe('10 queued, 2 running, 28 finished')
    expect(later.filter((line) => line.includes('running')).map((line) => line.split(' ')[0])).toEqual([
      '10',
      'run28',
      'run29',
    ])
    setTerminal(5)
    tell('run30', 'running')
    expect(drawn()).toHaveLength(4)
    watch.end()
  })
})

/** Whether a terminal to which this was written breaks lines at its margin. */
function isWrapping(text: string): boolean {
  return text.lastIndexOf('\u001b[?7h') > text.lastIndexOf('\u001b[?7l')
}

/** The lines that stand on a terminal to which this was written. */
function screenOf(text: string): string[] {
  const lines: string[] = []
  let row = 0
  let column = 0
  for (const [, parameter, command, letters] of text.matchAll(/\u001b\[([?\d]*)([a-zA-Z])|([^\u001b\n\r]+|[\n\r])/g)) {
    const line = lines[row] ?? ''
    if (command === 'A') row -= Number(parameter)
    else if (command === 'G' || letters === '\r') column = 0
    else if (command === 'K') lines[row] = line.slice(0, column)
    else if (command === 'J') lines.splice(row, Infinity, line.slice(0, column))
    else if (letters === '\n') [row, column] = [row + 1, 0]
    else if (letters !== undefined) {
      lines[row] = line.slice(0, column) + letters + line.slice(column + letters.length)
      column += letters.length
    }
  }
  return lines.filter((line) => line !== '')
}

/** A host that says of runs what it is told to, and counts how often their status is read. */
function fakeHost() {
  let reads = 0
  let listener: Parameters<JobHost['subscribe']>[0] = () => {}
  const gone = Promise.withResolvers<never>()
  const host = {
    subscribe(given: typeof listener) {
      listener = given
      return () => (listener = () => {})
    },
    cancel: () => {},
    gone: gone.promise,
  } as unknown as JobHost
  return {
    host,
    leave: () => gone.reject(new LabError('CANCELLED', 'the host has ended')),
    asked: () => reads,
    prepare: (runId: string, preparation: Preparation) => listener('run.preparing', { runId, preparation }),
    tell(id: string, status: RunStatus) {
      const summary = { id, name: id, step: 0, steps: 1 } as RunSummary
      Object.defineProperty(summary, 'status', {
        get() {
          reads += 1
          return status
        },
      })
      listener('run.changed', [summary])
    },
  }
}
