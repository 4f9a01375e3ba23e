import { fork, type ChildProcess } from 'node:child_process'
import { textTail } from '../../src/main/engine/host/workerProcess.ts'
import { answered } from './caseWorker.ts'
import type { CaseResult, Fault } from './finding.ts'
import { residentBytes, residentLimit } from './residentBytes.ts'

export interface PoolOptions {
  /** The file that serves the cases, and what it is given. */
  entry: string
  argument: string
  numbers: readonly number[]
  /** The kind of a case that ended with its process, and what was done in it. */
  kindOf(number: number): string
  whatOf(number: number): string
  /** Where a case that ended with its process left what it attacked with. */
  filesOf(number: number): string[]
  onResult(result: CaseResult): void
}

const processes = 2
const casesPerProcess = 50
/** An answer takes less than a second, also on a busy machine a few. Whoever waits longer than this for one takes the program to hang. */
const deadlineSeconds = 30
const heapLimit = 512

/** Runs cases in child processes, so that one which brings the program down is a finding and not the end. */
export async function runCases(options: PoolOptions): Promise<void> {
  const waiting = [...options.numbers]
  const lane = async () => {
    while (waiting.length > 0) await serve(options, waiting, casesPerProcess)
  }
  await Promise.all(Array.from({ length: processes }, lane))
}

/** One process from its start to its end: after so many cases, or with the case that ends it. */
async function serve(options: PoolOptions, waiting: number[], max: number): Promise<void> {
  const child = fork(options.entry, [options.argument], {
    execArgv: [`--max-old-space-size=${heapLimit}`, '--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  // One that hangs would outlive this process.
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const stderr = textTail()
  child.stderr!.on('data', stderr.add)
  // A child that is gone cannot be sent a case: its exit says so.
  child.on('error', () => undefined)
  try {
    if (typeof (await reply(child)) === 'string') throw new Error(`the attack itself fell: ${stderr.read()}`)
    for (let done = 0; done < max && waiting.length > 0; done++) {
      const number = waiting.shift()!
      child.send(number)
      const answer = await reply(child)
      if (typeof answer === 'string') return options.onResult(fallen(options, number, answer, stderr.read()))
      options.onResult(answer)
    }
  } finally {
    process.off('exit', end)
    end()
  }
}

type End = Extract<Fault, 'crash' | 'hang' | 'memory'>

/** The child's next result (its first message says that it is ready), or why there will be none. */
function reply(child: ChildProcess): Promise<CaseResult | End> {
  return new Promise((resolve) => {
    let asked = performance.now()
    const settle = (answer: CaseResult | End) => {
      clearInterval(watch)
      child.removeAllListeners('message').removeAllListeners('exit')
      resolve(answer)
    }
    const watch = setInterval(() => {
      if (residentBytes(child.pid!) > residentLimit) settle('memory')
      else if (performance.now() - asked > 1000 * deadlineSeconds) settle('hang')
    }, 100)
    child.on('message', (message) => {
      if (message === answered) asked = performance.now()
      else settle(residentBytes(child.pid!) > residentLimit ? 'memory' : (message as CaseResult))
    })
    if (child.exitCode === null && child.signalCode === null) child.once('exit', () => settle('crash'))
    else settle('crash')
  })
}

const ends: Record<End, string> = {
  crash: 'the process ended',
  hang: `no answer within ${deadlineSeconds} s`,
  memory: `more than ${residentLimit / 2 ** 20} MiB resident`,
}

function fallen(options: PoolOptions, number: number, fault: End, stderr: string): CaseResult {
  return {
    number,
    kind: options.kindOf(number),
    what: options.whatOf(number),
    outcome: 'finding',
    findings: [{ fault, at: 'the process', text: `${ends[fault]}\n${stderr}`.trim() }],
    files: options.filesOf(number),
  }
}
