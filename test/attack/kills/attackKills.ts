import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { callList, callProgram } from '../../support/callProgram.ts'
import { dice, type Dice } from '../dice.ts'
import { faultsOfText, type CaseResult, type Finding } from '../finding.ts'
import { startHost } from '../host.ts'
import { runProgramWhole, startProgram, untilProgram, wait, type RunningProgram } from '../program.ts'

export interface AttackedRuns {
  seed: number
  folder: string
}

const lanes = 2
const killsPerArchive = 10
const seeds = [0, 1, 2, 3]
/** How long a program that was asked to end may take; killed at once, it takes none. */
const endSeconds = 30

/** Takes about a second; rows are sealed once on the way, and there are checkpoints. */
const specification = {
  name: 'to be killed',
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'isolated', integrator: { kind: 'heun', stepSize: 0.001 }, steps: 12_000 },
  record: { measureEvery: 2, snapshots: Array.from({ length: 23 }, (_, i) => 500 * (i + 1)) },
}
const arithmetic = ['--backend', 'wasm']

/** Ends programs at random moments of their runs; whatever they had told must be there, and every run must end as if nothing had been. */
export async function attackKills(
  { seed, folder }: AttackedRuns,
  numbers: readonly number[],
  onResult: (result: CaseResult) => void,
): Promise<void> {
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(specification))
  const undisturbed = await hashesOf(folder, join(folder, 'undisturbed.grokscope'))
  const groups = [...Map.groupBy(numbers, (number) => Math.floor(number / killsPerArchive)).values()]
  const lane = async () => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      await attackArchive({ seed, folder }, group, undisturbed, onResult)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** The content hash of each seed's run where nobody disturbs it. */
async function hashesOf(folder: string, path: string): Promise<Map<number, string>> {
  const options = ['--set', `seeds=${JSON.stringify(seeds)}`, ...arithmetic, '--archive', path]
  await runProgramWhole(folder, 'run', join(folder, 'spec.json'), ...options)
  return new Map((await callList(path)).map((run) => [run.seed, run.contentHash!]))
}

async function attackArchive(
  { seed, folder }: AttackedRuns,
  numbers: readonly number[],
  undisturbed: ReadonlyMap<number, string>,
  onResult: (result: CaseResult) => void,
): Promise<void> {
  const home = join(folder, `archive-${numbers[0]}`)
  mkdirSync(home)
  const path = join(home, 'archive.grokscope')
  const told = new Map<string, number>()
  for (const number of numbers) {
    let result: CaseResult | undefined
    // A program that ended before it could be killed is none that was killed.
    for (let attempt = 0; result === undefined && attempt < 20; attempt++) {
      result = await killOnce(
        { home, path, spec: join(folder, 'spec.json'), told },
        number,
        dice(seed + attempt, 'kills', number),
      )
    }
    if (!result) throw new Error(`case ${number}: the program always ended before it was killed`)
    if (number === numbers.at(-1)) result.findings.push(...(await finish(home, path, undisturbed)))
    if (result.findings.length > 0) Object.assign(result, { outcome: 'finding', files: [home] })
    onResult(result)
  }
}

interface Place {
  home: string
  path: string
  spec: string
  /** The last step that was told of each run. */
  told: Map<string, number>
}

/** `undefined` where the program had ended before. */
async function killOnce(place: Place, number: number, dice: Dice): Promise<CaseResult | undefined> {
  const signal = dice.pick(['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGHUP'] as const)
  const isServed = dice.chance(0.3)
  const isEarly = !isServed && dice.chance(0.25)
  const delay = dice.integer(0, isEarly ? 1200 : isServed ? 900 : 450)
  const { program, runId } = isServed ? await startServed(place, dice) : await startInTerminal(place, dice)
  if (!isEarly && !isServed) await untilProgram(program, () => program.stdout().includes('"measured"'))
  await wait(delay)
  const wasRunning = program.child.exitCode === null
  program.child.kill(signal)
  const findings: Finding[] = []
  const at = `${signal} after ${delay} ms`
  const impatience = setTimeout(() => {
    findings.push({ fault: 'hang', at, text: `had not ended after ${endSeconds} s` })
    program.child.kill('SIGKILL')
  }, 1000 * endSeconds)
  await program.outcome
  clearTimeout(impatience)
  noteTold(place, program)
  findings.push(...faultsOfText(at, program.stderr()), ...(await check(place, at)))
  if (!wasRunning && findings.length === 0) return undefined
  return {
    number,
    kind: `${signal} of ${isServed ? 'serve' : 'run and resume'}`,
    what: `${runId ?? 'a new run'}, ${at} ${isEarly ? 'from its start' : 'of computing'}`,
    outcome: 'same',
    findings,
    files: [],
  }
}

interface Started {
  program: RunningProgram
  runId: string | undefined
}

async function startInTerminal({ home, path, spec }: Place, dice: Dice): Promise<Started> {
  const runId = await unfinishedRun(path)
  const run = ['run', spec, '--set', `seeds=[${dice.pick(seeds)}]`, ...arithmetic]
  const command = runId === undefined ? run : ['resume', runId]
  return { program: startProgram(home, ...command, '--archive', path, '--json'), runId }
}

async function startServed({ home, path }: Place, dice: Dice): Promise<Started> {
  const runId = await unfinishedRun(path)
  const host = await startHost(home, path, ...arithmetic)
  if (runId === undefined) {
    await host.ask('experiment.submit', { spec: { ...specification, seeds: [dice.pick(seeds)] } })
  } else await host.ask('run.resume', { runIds: [runId] })
  return { program: host.program, runId }
}

async function unfinishedRun(path: string): Promise<string | undefined> {
  return existsSync(path) ? (await callList(path)).find(({ status }) => status !== 'finished')?.id : undefined
}

function noteTold({ told }: Place, program: RunningProgram): void {
  for (const line of program.stdout().split('\n').slice(0, -1)) {
    if (!line.startsWith('{')) continue
    const event = JSON.parse(line) as RunEvent
    if (event.type === 'measured') told.set(event.runId, event.step)
  }
}

/** With the log or journal that its writer left, which only who may write can take back: the archive itself stays as it was left. */
function openCopy(path: string, copy: string): Database {
  for (const suffix of ['', '-wal', '-journal']) {
    rmSync(`${copy}${suffix}`, { force: true })
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  }
  return new DatabaseConstructor(copy)
}

/** What must hold of an archive whose writer has just died. */
async function check({ home, path, told }: Place, at: string): Promise<Finding[]> {
  if (!existsSync(path)) return []
  const findings: Finding[] = []
  const database = openCopy(path, join(home, 'copy'))
  const integrity = database.pragma('integrity_check', { simple: true })
  const strays = database.pragma('foreign_key_check') as unknown[]
  database.close()
  if (integrity !== 'ok') findings.push({ fault: 'half-written', at, text: String(integrity) })
  if (strays.length > 0) findings.push({ fault: 'half-written', at, text: JSON.stringify(strays.slice(0, 3)) })
  const { code, stderr } = await callProgram('list', '--archive', path)
  // Killed as it made its archive, it has left none; that is nothing lost.
  const isLost = code !== 0 && told.size > 0
  if (isLost) findings.push({ fault: 'lost', at, text: stderr })
  findings.push(...faultsOfText(at, stderr))
  if (code !== 0) return findings
  const archive = openArchive(path, { readOnly: true })
  for (const [runId, step] of told) {
    const stored = archive.curves.readColumn(runId, 'step').at(-1)
    if (stored === undefined || stored < step) {
      findings.push({ fault: 'lost', at, text: `run ${runId} was told to step ${step}, stored to ${stored}` })
    }
  }
  archive.close()
  return findings
}

/** Resumes every run to its end, and compares it with the undisturbed one of its seed. */
async function finish(home: string, path: string, undisturbed: ReadonlyMap<number, string>): Promise<Finding[]> {
  for (let runId = await unfinishedRun(path); runId !== undefined; runId = await unfinishedRun(path)) {
    const { code, stderr } = await startProgram(home, 'resume', runId, '--archive', path).outcome
    if (code !== 0) return [{ fault: 'lost', at: `resume ${runId}`, text: stderr }]
  }
  return (await callList(path))
    .filter(({ seed, contentHash }) => contentHash !== undisturbed.get(seed))
    .map(({ id, seed }) => ({
      fault: 'lost',
      at: 'the end',
      text: `run ${id}, seed ${seed}, has another content hash`,
    }))
}
