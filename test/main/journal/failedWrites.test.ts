import { closeSync, existsSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createJournal, eventsOf, readJournal, type Journal } from '../../../src/main/journal/journal.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { temporaryFolder } from '../../support/folders.ts'

vi.mock('node:fs', async (original) => {
  const actual = await original<typeof import('node:fs')>()
  return { ...actual, writeSync: vi.fn(actual.writeSync), closeSync: vi.fn(actual.closeSync) }
})
const actual = await vi.importActual<typeof import('node:fs')>('node:fs')

beforeEach(() => {
  vi.clearAllMocks()
})

const folder = temporaryFolder()
let files = 0
const header = { key: 'a'.repeat(20), run: 'b'.repeat(20) }
const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })

/** Once some bytes of what comes next are written, the disk is full. */
function fillDisk(): void {
  const write = vi.mocked(writeSync) as unknown as ReturnType<typeof vi.fn<(...input: unknown[]) => number>>
  write
    .mockImplementationOnce((file, frame, at) => actual.writeSync(file as number, frame as Buffer, at as number, 5))
    .mockImplementationOnce(() => {
      throw full
    })
}

const measured = (step: number): RunEvent => ({
  ...{ type: 'measured', runId: header.run, sequence: step, step, tau: step, seconds: 0, values: { trainLoss: 1 } },
})
const saved = (step: number): RunEvent => ({
  ...{ type: 'snapshot', runId: header.run, sequence: step },
  snapshot: { step, tau: step, reason: 'scheduled', scalars: {}, matrices: {} },
})

const ways: [string, (journal: Journal) => void][] = [
  ['an append', (journal) => expect(() => journal.append([saved(2)])).toThrow(full)],
  ['what waited when it was closed', (journal) => journal.append([measured(2)])],
]

describe('a journal whose disk took a part of a frame and no more', () => {
  it.each(ways)('is closed as it is, tells of it, and has what was whole before: %s', async (_, tell) => {
    const path = join(folder, `${String(files++)}.events`)
    const journal = createJournal(path, header)
    journal.append([saved(1)])
    const whole = readFileSync(path).length
    fillDisk()
    tell(journal)
    // There is room again.
    await expect(journal.close()).rejects.toBe(full)
    expect(() => journal.append([saved(3)])).toThrow(full)
    const [file] = vi.mocked(writeSync).mock.lastCall!
    expect(closeSync).toHaveBeenCalledWith(file)
    expect(readFileSync(path)).toHaveLength(whole + 5)
    expect(readJournal(path, ({ frames }) => [...eventsOf(frames)])).toEqual([saved(1)])
  })

  it('is none where that was its first', () => {
    const path = join(folder, `${String(files++)}.events`)
    fillDisk()
    expect(() => createJournal(path, header)).toThrow(full)
    expect(existsSync(path)).toBe(false)
    expect(closeSync).toHaveBeenCalledWith(vi.mocked(writeSync).mock.lastCall![0])
  })
})
