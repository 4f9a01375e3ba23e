import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What a run costs besides its arithmetic: processor time of the terminal's program and of every worker it waited for,
 * over runs of one step (p = 5). `node test/bench/runOverhead.ts [RUNS]`; POSIX only, as the shell keeps the time.
 */
const runs = Number(process.argv[2] ?? 200)
const folder = mkdtempSync(join(tmpdir(), 'grokscope-bench-'))
const program = join(import.meta.dirname, '../../src/main/cli/index.ts')

function processorMilliseconds(count: number): number {
  const specification = join(folder, `${count}.json`)
  writeFileSync(
    specification,
    JSON.stringify({
      name: 'overhead',
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
      network: { hidden: 16 },
      dynamics: { kind: 'isolated', ridge: 0.1, steps: 1 },
      seeds: Array.from({ length: count }, (_, seed) => seed),
    }),
  )
  const archive = join(folder, `${count}.grokscope`)
  const command = [process.execPath, program, 'run', specification, '--archive', archive, '--threads', '1']
  const output = execFileSync('sh', ['-c', '"$@" >/dev/null 2>&1 || exit; times', 'sh', ...command], {
    encoding: 'utf8',
  })
  // The second line is of the processes that the shell has started, and of those that they have started: user, system.
  const [minutes, seconds, systemMinutes, systemSeconds] = [...output.split('\n')[1]!.matchAll(/[\d.]+/g)].map(Number)
  return 1000 * (60 * (minutes! + systemMinutes!) + seconds! + systemSeconds!)
}

try {
  const alone = processorMilliseconds(1)
  const all = processorMilliseconds(runs)
  process.stdout.write(
    `${runs} runs of one step: ${(all / runs).toFixed(1)} ms of processor a run, the program's start included; ` +
      `${((all - alone) / (runs - 1)).toFixed(1)} ms for each after the first (${alone.toFixed(0)} ms)\n`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
