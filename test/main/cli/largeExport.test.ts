import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readNpz } from '../../../src/main/services/interchange/readNpz.ts'
import { startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { makeLongRun, rowAt } from '../../support/longRun.ts'
import { program } from '../../support/program.ts'
import { askPython, hasNumpy } from '../../support/python.ts'

const rows = 2_000_000
const maxKibibytes = 300 * 1024
const support = join(import.meta.dirname, '../../support')
const folder = temporaryFolder()
const patience = { timeout: 600_000 }

/** Has a program write a file: at least once in three times in so little memory, since the collector is late at times. */
function expectToWrite(file: string, ...words: string[]): void {
  const peaks: number[] = []
  do {
    rmSync(join(folder, file), { force: true })
    peaks.push(peakOf(...words))
  } while (peaks.at(-1)! >= maxKibibytes && peaks.length < 3)
  expect(Math.min(...peaks)).toBeLessThan(maxKibibytes)
}

/** Runs a program and answers with the most memory it had. */
function peakOf(...words: string[]): number {
  const { status, stderr } = spawnSync(process.execPath, ['--import', join(support, 'peakMemory.ts'), ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^peak \d+ KiB\n$/)])
  return Number(/peak (\d+)/.exec(stderr)![1])
}

describe.skipIf(!existsSync('/proc/self/status'))('a file of any length is written in less than 300 MiB', () => {
  let runId = ''
  beforeAll(() => {
    runId = makeLongRun(join(folder, 'a.grokscope'), rows)
  }, patience.timeout)

  const exportAs = (format: string) => {
    const file = `run.${format}`
    expectToWrite(file, program, 'export', runId, `--format=${format}`, `--out=${file}`, '--archive=a.grokscope')
    return join(folder, file)
  }
  const last = rowAt(rows - 1)

  it('as CSV', patience, () => {
    const lines = readFileSync(exportAs('csv'), 'utf8').split('\n')
    expect(lines.length).toBe(rows + 2)
    expect(lines.at(-2)).toBe([last.step, last.tau, last.seconds, ...Object.values(last.values)].join(','))
  })

  it('as JSON', patience, () => {
    const text = readFileSync(exportAs('json'), 'utf8')
    const { measurements } = JSON.parse(text) as { measurements: Record<string, number[]> }
    expect(measurements['step']!.length).toBe(rows)
    expect(measurements['testMse']!.at(-1)).toBe(last.values.testMse)
  })

  it('as .npz', patience, async () => {
    const { arrays } = await readNpz(exportAs('npz'), ['step', 'testMse'], 1e9)
    expect(arrays['step']!.shape).toEqual([rows])
    expect(arrays['testMse']!.data.at(-1)).toBe(last.values.testMse)
  })

  it('and an interrupt leaves nothing of it', patience, async () => {
    const before = readdirSync(folder)
    const words = ['export', runId, '--format=csv', '--out=half.csv', '--archive=a.grokscope']
    const interrupted = async () => {
      const { child, outcome, hasEnded } = startCommandLine(folder, words)
      const isUnderWay = () => readdirSync(folder).some((name) => name.endsWith('.part'))
      await expect.poll(() => isUnderWay() || hasEnded(), { interval: 5 }).toBe(true)
      child.kill('SIGINT')
      return outcome
    }
    let ended = await interrupted()
    // Where the interrupt came too late the file is there, and the next one may come in time.
    while (ended.code === 0) {
      rmSync(join(folder, 'half.csv'))
      ended = await interrupted()
    }
    expect(ended).toEqual({ code: null, signal: 'SIGINT', stdout: '', stderr: '' })
    expect(readdirSync(folder)).toEqual(before)
  })

  // The content that deflate cannot shrink takes minutes; where it can, the file stays small.
  const contents = process.env['GROKSCOPE_LARGE_FILES'] ? ['zeros', 'noise'] : ['zeros']
  it.each(contents)('as .npz beyond 4 GiB (%s), and NumPy reads the last value', patience, (content) => {
    const path = join(folder, 'large.npz')
    expectToWrite('large.npz', join(support, 'writeLargeNpz.ts'), path, content)
    expect(statSync(path).size > 2 ** 32).toBe(content === 'noise')
    if (!hasNumpy) return
    const read = askPython(
      `
import zipfile
after = np.load(input)['after'].tolist()
with zipfile.ZipFile(input) as file, file.open('large.npy') as entry:
    np.lib.format.read_magic(entry)
    shape, order, dtype = np.lib.format.read_array_header_1_0(entry)
    last = b''
    while part := entry.read(1 << 22): last = (last + part)[-8:]
print(json.dumps([after, shape, np.frombuffer(last, dtype).tolist()]))`,
      path,
    )
    expect(read).toEqual([[1, 43], [520 * 2 ** 20 + 1], [42]])
  })
})
