import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunningProgram {
  child: ChildProcess
  outcome: Promise<Outcome>
  stdout(): string
  stderr(): string
}

/** The program as it was built, in a process of its own, at home in a folder. */
export function startProgram(home: string, ...options: readonly string[]): RunningProgram {
  const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), ...options], {
    cwd: home,
    env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, outcome, stdout: () => stdout, stderr: () => stderr }
}

/** Runs it to its end; what it should not end with is an error of the attack. */
export async function runProgramWhole(home: string, ...options: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startProgram(home, ...options).outcome
  if (code !== 0) throw new Error(`${options.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** Ends when `holds` does, or with the program. */
export async function untilProgram({ child }: RunningProgram, holds: () => boolean): Promise<void> {
  while (!holds() && child.exitCode === null && child.signalCode === null) await wait(2)
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
