import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepHeapSmall } from '../../src/main/services/keepHeapSmall.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { queryTerms } from '../../src/renderer/views/runs/queryTerms.ts'
import { requests, type RequestInput } from '../../src/shared/contract.ts'
import { writeManyRuns } from '../support/manyRuns.ts'

/**
 * What tables of many runs cost their host: `node test/bench/manyRuns.ts [runs…]`, a thousand, ten thousand and a hundred
 * thousand unless told. Each archive is read by a process of its own, whose memory is told at the end.
 */
const [, , ...given] = process.argv
const repetitions = 7
const columns = [
  'testAccuracy',
  'generalizedStep',
  'generalizedTau',
  'seconds',
  'createdAt',
  'task.modulus',
  'dynamics',
]
const filters = ['p = 37 and t_grok < 2500', 'name:"ridge 1" not status:failed', 'testAccuracy > 0.99 tag:checked']

if (given[0] === '--read') measure(given[1]!)
else {
  const folder = mkdtempSync(join(tmpdir(), 'grokscope-bench-'))
  try {
    for (const runs of given.length > 0 ? given.map(Number) : [1000, 10_000, 100_000]) {
      const path = join(folder, `${runs}.grokscope`)
      timed(`${runs} runs, made`, 1, () => writeManyRuns(path, runs))
      spawnSync(process.execPath, [import.meta.filename, '--read', path], { stdio: 'inherit' })
      rmSync(path, { force: true })
    }
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
  }
}

function measure(path: string): void {
  // As every host of a window does.
  keepHeapSmall()
  const archive = openArchive(path)
  const ask = (question: Partial<RequestInput<'run.table'>> = {}) =>
    archive.tables.page(
      requests['run.table'].parse({
        shelf: 'library',
        grouping: 'experiment',
        columns,
        from: 0,
        count: 100,
        ...question,
      }),
    )
  const { onShelf, lines } = timed('  first page', 1, () => ask())
  const memory = process.memoryUsage().rss
  timed('  the same page again', repetitions, () => ask())
  timed('  a page in the middle', repetitions, (i) => ask({ from: (lines >> 1) + 100 * i }))
  timed('  what the host reads ahead after that', 1, () => [...archive.tables.readAhead(columns)])
  const keys: Times[] = []
  for (const filter of filters) {
    for (let length = 1; length <= filter.length; length++) {
      const terms = queryTerms(filter.slice(0, length))
      const times = stopwatch()
      if (isAnswered(() => ask({ terms }))) keys.push(times())
      for (const _ of archive.tables.readAhead(columns, terms));
    }
  }
  tell(`  a key of a filter, each asked for the first time (${keys.length})`, keys)
  for (const by of ['generalizedStep', 'dynamics', 'name'])
    timed(`  sorted by ${by}, first time`, 1, () => ask({ sort: { by } }))
  for (const field of ['tag', 'name', 'p']) {
    timed(`  values of ${field}`, repetitions, () => archive.tables.values(requests['run.values'].parse({ field })))
  }
  const mebibytes = [memory, process.memoryUsage().rss].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`)
  process.stdout.write(
    `  resident memory with ${onShelf} on the shelf: ${mebibytes.join(' at the first page, ')} at the end\n`,
  )
  archive.close()
}

/** A filter that is being typed is a mistake most of the time. */
function isAnswered(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}

function timed<Output>(what: string, times: number, act: (i: number) => Output): Output {
  const measured: Times[] = []
  let output: Output
  for (let i = 0; i < times; i++) {
    const times = stopwatch()
    output = act(i)
    measured.push(times())
  }
  tell(what, measured)
  return output!
}

interface Times {
  wall: number
  /** Of the processor, which a busy machine does not change as much. */
  busy: number
}

function stopwatch(): () => Times {
  const [start, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { wall: performance.now() - start, busy: (user + system) / 1000 }
  }
}

function tell(what: string, measured: readonly Times[]): void {
  const text = (kind: keyof Times) => {
    const sorted = measured.map((times) => times[kind]).toSorted((a, b) => a - b)
    const slowest = sorted.length > 1 ? `, slowest ${sorted.at(-1)!.toFixed(1).padStart(7)}` : ''
    return `${sorted[sorted.length >> 1]!.toFixed(1).padStart(9)} ms${slowest.padEnd(17)}`
  }
  process.stdout.write(`${what.padEnd(58)} ${text('wall')} processor ${text('busy')}\n`)
}
