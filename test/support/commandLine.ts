import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { temporaryFolder } from './folders.ts'
import { program } from './program.ts'

/** One home for all programs of a test file, so that this machine is measured once. */
export const home = temporaryFolder()

export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

interface ProgramOptions {
  detached?: boolean
  env?: NodeJS.ProcessEnv
  /** No file may grow beyond so many. */
  fileBytes?: number
  /** Who runs it; whoever this is unless given. */
  uid?: number
  gid?: number
  /** What comes over standard input; nothing unless given. */
  input?: string
}

/** The program in a process of its own, without a terminal. */
export function startCommandLine(
  folder: string,
  options: readonly string[],
  { fileBytes, env = {}, input, ...more }: ProgramOptions = {},
): { child: ChildProcess; outcome: Promise<Outcome>; output(): string; hasEnded(): boolean } {
  const words = [process.execPath, program, ...options]
  const [command, ...rest] = fileBytes === undefined ? words : ['prlimit', `--fsize=${fileBytes}`, ...words]
  // What Node keeps of the modules that it has compiled may be larger.
  const limited = fileBytes === undefined ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' }
  const child = spawn(command!, rest, {
    cwd: folder,
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      ...limited,
      ...env,
    },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...more,
  })
  child.stdin?.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return { child, outcome, output: () => stdout, hasEnded }
}

export function runCommandLine(folder: string, ...options: string[]): Promise<Outcome> {
  return startCommandLine(folder, options).outcome
}
