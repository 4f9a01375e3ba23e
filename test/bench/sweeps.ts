import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * What sweeps of small runs cost, in one run on this machine: `npm run build`, then `npm run bench:sweeps [-- --runs 200 --large 1000
 * --rounds 3 --occupancy 12000]`. POSIX only, as the shell keeps the processor time. README.md beside this file says how to read it.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    large: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    occupancy: { type: 'string', default: '12000' },
  },
})
const [runs, large, rounds, occupied] = [values.runs, values.large, values.rounds, values.occupancy].map(Number) as [
  number,
  number,
  number,
  number,
]
const folder = mkdtempSync(join(tmpdir(), 'grokscope-bench-'))
const program = join(import.meta.dirname, '../../out/main/cli.js')
const peer = join(import.meta.dirname, 'numpyRuns.py')
const slots = Math.min(2, availableParallelism())
const [modulus, hidden, trainFraction, steps, measureEvery] = [11, 128, 0.7, 2000, 20]

const base = {
  task: { kind: 'modularAddition', modulus, trainFraction },
  network: { hidden },
  dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-4, steps },
  record: { measureEvery, snapshots: 'events' },
}

interface Timing {
  /** Seconds. */
  wall: number
  /** Seconds of the processor, of the program and all that it waited for. */
  processor: number
}

async function time(...command: string[]): Promise<Timing> {
  const begun = performance.now()
  const child = spawn('sh', ['-c', '"$@" >/dev/null 2>&1 || exit 1; times', 'sh', ...command])
  let output = ''
  child.stdout.on('data', (text) => (output += String(text)))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${String(code)}`)
  const wall = (performance.now() - begun) / 1000
  const fields = [...output.split('\n')[1]!.matchAll(/[\d.]+/g)].map(Number) as [number, number, number, number]
  return { wall, processor: 60 * (fields[0] + fields[2]) + fields[1] + fields[3] }
}

const grokscope = (...command: string[]) => time(process.execPath, program, ...command)

let written = 0
function write(spec: object): string {
  const path = join(folder, `${++written}.json`)
  writeFileSync(path, JSON.stringify(spec))
  return path
}
const fresh = (name: string) => join(folder, `${++written}-${name}`)

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

function tell(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(58)}${value}\n`)
}

const seconds = (value: number) => `${value.toFixed(2)} s`

/** Both take turns, so that a slow moment of the machine affects them alike. */
async function compareWithNumpy(): Promise<void> {
  const seeds = Array.from({ length: runs }, (_, seed) => seed)
  const spec = write({ name: 'bench', ...base, seeds })
  const half = Math.ceil(runs / slots)
  const numpy = async () => {
    const parts = Array.from({ length: slots }, (_, part) => [part * half, Math.min(runs, (part + 1) * half)])
    const begun = performance.now()
    const given = [modulus, hidden, trainFraction, steps, measureEvery].map(String)
    await Promise.all(
      parts.map((part) => time('env', 'OPENBLAS_NUM_THREADS=1', 'python3', peer, ...part.map(String), ...given)),
    )
    return (performance.now() - begun) / 1000
  }
  const own: Record<'wasm' | 'blas', Timing[]> = { wasm: [], blas: [] }
  const peers: number[] = []
  for (let round = 0; round < rounds; round++) {
    peers.push(await numpy().catch(() => NaN))
    for (const kind of ['wasm', 'blas'] as const) {
      const options = ['--backend', kind, '--threads', '1', '--slots', String(slots), '--archive', fresh('archive')]
      const timing = await grokscope('run', spec, ...options).catch(() => undefined)
      if (timing) own[kind].push(timing)
    }
  }
  const label = `${runs} runs of ${steps} steps, (p, d_h) = (${modulus}, ${hidden})`
  tell(`${label}: NumPy`, seconds(median(peers)))
  for (const kind of ['wasm', 'blas'] as const) {
    const times = own[kind]
    if (times.length === 0) continue
    const wall = median(times.map((timing) => timing.wall))
    const ratio = median(peers) / wall
    tell(`  run, ${kind}`, `${seconds(wall)}, ${ratio.toFixed(2)} × as fast as NumPy`)
    const busy = median(times.map((timing) => timing.processor / (slots * timing.wall)))
    tell(`  processor time of all of it / (slots × wall)`, busy.toFixed(2))
  }
}

async function measureOverhead(): Promise<void> {
  const spec = (count: number) =>
    write({
      ...base,
      name: 'overhead',
      dynamics: { ...base.dynamics, steps: 1 },
      seeds: Array.from({ length: count }, (_, seed) => seed),
    })
  const of = async (count: number) => {
    const all: number[] = []
    for (let round = 0; round < rounds; round++) {
      all.push((await grokscope('run', spec(count), '--threads', '1', '--archive', fresh('archive'))).processor)
    }
    return median(all)
  }
  const [one, all] = [await of(1), await of(runs)]
  tell(`a run of one step, mean of ${runs}: processor time`, `${((1000 * all) / runs).toFixed(1)} ms`)
  tell('  without the start of the program', `${((1000 * (all - one)) / (runs - 1)).toFixed(1)} ms`)
}

async function measureSweep(): Promise<void> {
  const cells = Math.ceil(large / 5)
  const spec = write({
    name: 'bench',
    base: { ...base, record: { measureEvery: 'log' } },
    axes: [{ field: 'dynamics.weightDecay', from: 1e-5, to: 1e-3, count: cells, scale: 'log' }],
    seeds: 5,
  })
  const sweep = fresh('sweep')
  const archive = fresh('archive')
  const label = `sweep of ${5 * cells} runs of ${steps} steps`
  tell(`${label}: plan, processor time`, seconds((await grokscope('sweep', 'plan', spec)).processor))
  const computed = await grokscope('sweep', 'run', spec, '--out', sweep, '--slots', String(slots))
  tell(
    '  run',
    `${seconds(computed.wall)}, processor time / (slots × wall) ${(computed.processor / slots / computed.wall).toFixed(2)}`,
  )
  tell('  status, processor time', seconds((await grokscope('sweep', 'status', sweep)).processor))
  const collected = await grokscope('sweep', 'collect', sweep, '--archive', archive)
  tell('  collect, processor time', `${seconds(collected.processor)}, wall ${seconds(collected.wall)}`)
  tell('  collect once more', seconds((await grokscope('sweep', 'collect', sweep, '--archive', archive)).processor))
}

interface Sample {
  /** Seconds. */
  wall: number
  /** Seconds of the processor that each worker has had by then, by process. */
  workers: Map<number, number>
}

/** Processor time of workers alone, over slots × wall, from a tenth to nine tenths of a sweep; Linux only, as /proc keeps it. */
async function measureOccupancy(): Promise<void> {
  const spec = write({
    name: 'occupancy',
    base: { ...base, record: { measureEvery: 'log' } },
    axes: [{ field: 'dynamics.weightDecay', from: 1e-5, to: 1e-3, count: Math.ceil(occupied / 5), scale: 'log' }],
    seeds: 5,
  })
  const label = `sweep of ${5 * Math.ceil(occupied / 5)} runs`
  if (process.platform !== 'linux') return tell(label, 'occupancy not measured: there is no /proc')
  const command = [program, 'sweep', 'run', spec, '--out', fresh('sweep'), '--slots', String(slots)]
  const begun = performance.now()
  const host = spawn(process.execPath, command, { stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => host.on('close', resolve))
  const samples: Sample[] = []
  const sampling = setInterval(() => {
    samples.push({ wall: (performance.now() - begun) / 1000, workers: processorOfChildren(host.pid!) })
  }, 250)
  const code = await ended
  clearInterval(sampling)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${String(code)}`)
  const wall = (performance.now() - begun) / 1000
  const middle = samples.filter((sample) => sample.wall >= 0.1 * wall && sample.wall <= 0.9 * wall)
  let processor = 0
  for (const [i, { workers }] of middle.entries()) {
    const before = middle[i - 1]?.workers ?? workers
    // A worker that is new since has had all its time since.
    for (const [pid, time] of workers) processor += time - (before.get(pid) ?? 0)
  }
  const share = processor / (slots * (middle.at(-1)!.wall - middle[0]!.wall))
  const doubt = wall < 60 ? ' (shorter than a minute: more runs with --occupancy)' : ''
  tell(label, seconds(wall))
  tell("  workers' processor time / (slots × wall), middle 80 %", `${share.toFixed(3)}${doubt}`)
}

/** Hundredths of a second are what Linux counts in. */
const ticksPerSecond = 100

function processorOfChildren(parent: number): Map<number, number> {
  const found = new Map<number, number>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    // Behind the name in parentheses: state, parent, and as the 12th and 13th time in the program and in the system.
    const fields = statOf(pid).split(') ').at(-1)!.split(' ')
    if (Number(fields[1]) === parent) found.set(Number(pid), (Number(fields[11]) + Number(fields[12])) / ticksPerSecond)
  }
  return found
}

/** Empty where the process has ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

try {
  await compareWithNumpy()
  await measureOverhead()
  await measureSweep()
  await measureOccupancy()
} finally {
  rmSync(folder, { recursive: true })
}
