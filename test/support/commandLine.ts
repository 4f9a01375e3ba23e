import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const entry = join(import.meta.dirname, '../../src/main/cli/index.ts')

export interface Outcome {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** The program in a process of its own, without a terminal, its user's folders inside `folder`. */
export function startCommandLine(
  folder: string,
  options: readonly string[],
  more: { detached?: boolean } = {},
): { child: ChildProcess; outcome: Promise<Outcome>; output(): string } {
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  const child = spawn(process.execPath, [entry, ...options], {
    cwd: folder,
    env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_CACHE_HOME: join(home, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...more,
  })
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const outcome = new Promise<Outcome>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, outcome, output: () => stdout }
}

export function runCommandLine(folder: string, ...options: string[]): Promise<Outcome> {
  return startCommandLine(folder, options).outcome
}
