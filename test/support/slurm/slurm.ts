import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { startCommandLine, type Outcome } from '../commandLine.ts'
import { temporaryFolder } from '../folders.ts'

const program = join(import.meta.dirname, 'slurmSingle.sh')
const path = `${process.env['PATH']}:/usr/sbin`

const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`], { env: { PATH: path } }).status === 0

/** What a Slurm of one's own needs. */
export const missing = ['sbatch', 'slurmctld', 'slurmd', 'munged'].filter((command) => !has(command))

/** Where continuous integration could have installed it, it has to be here. */
export const mustBeHere = process.env['CI'] === 'true' && process.getuid?.() === 0 && has('apt-get')

/** As it calls itself. */
export const slurmVersion =
  missing.length === 0 ? execFileSync('slurmd', ['-V'], { env: { PATH: path }, encoding: 'utf8' }).trim() : ''

export interface User {
  name: string
  uid: number
  gid: number
}

const idOf = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))

/** Root and an ordinary user, where this is root; else who this is. */
export function users(): User[] {
  const [uid, gid] = [process.getuid!(), process.getgid!()]
  if (uid !== 0) return [{ name: 'an ordinary user', uid, gid }]
  return [
    { name: 'root', uid, gid },
    { name: 'an ordinary user', uid: idOf('-u', 'slurm'), gid: idOf('-g', 'slurm') },
  ]
}

export interface Slurm {
  /** A new folder of the user. */
  folder(): string
  /** Any program, in a folder, as the user; what it prints. Throws where it fails. */
  call(command: string, ...words: string[]): string
  /** The command line, in a folder. */
  grokscope(folder: string, ...words: string[]): Promise<Outcome>
  /** The private Slurm's script. */
  control(...words: string[]): void
  env: NodeJS.ProcessEnv
  user: User
}

let started = 0

/** A Slurm of two nodes with one processor each, which `control('stop')` ends. */
export function startSlurm(user: User, settings: NodeJS.ProcessEnv = {}): Slurm {
  const owned = (name: string) => {
    const made = join(temporaryFolder(), name)
    mkdirSync(made)
    chownSync(join(made, '..'), user.uid, user.gid)
    chownSync(made, user.uid, user.gid)
    return made
  }
  const root = owned('slurm')
  const home = owned('home')
  const env = {
    ...process.env,
    PATH: path,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    SLURM_SINGLE: root,
    SLURM_CONF: join(root, 'slurm.conf'),
    SLURM_PORT: String(20_000 + (process.pid % 1200) * 10 + 4 * (started++ % 2)),
    CRED_EXPIRE: '5',
    ...settings,
  }
  const as = { uid: user.uid, gid: user.gid, env, encoding: 'utf8' } as const
  const slurm: Slurm = {
    folder: () => owned('work'),
    call: (command, ...words) => execFileSync(command, words, { ...as, cwd: root }),
    grokscope: (folder, ...words) => startCommandLine(folder, words, { env, uid: user.uid, gid: user.gid }).outcome,
    control: (...words) => void execFileSync('bash', [program, ...words], { ...as, cwd: root, stdio: 'ignore' }),
    env,
    user,
  }
  slurm.control('start')
  return slurm
}

/** Processes by their command line and working folder. */
export function processes(command: RegExp, folder?: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return command.test(words) && (folder === undefined || readlinkSync(`/proc/${pid}/cwd`) === folder)
      } catch {
        return false
      }
    })
}

/** Signals a process that may have ended by now: Slurm itself lets go on what it cancels, and tells to hang up what has lost its parent. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

/** Which task the program of one computes. */
export function taskOf(pid: number): string {
  return /task\.mjs\0\.\0(\d+)\0/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))![1]!
}

export async function until(holds: () => boolean | Promise<boolean>, what: string, seconds = 240): Promise<void> {
  const deadline = performance.now() + 1000 * seconds
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export function journalsOf(folder: string): string[] {
  const journals = join(folder, 'journals')
  return existsSync(journals) ? readdirSync(journals).map((name) => join(journals, name)) : []
}

/** Whether a task has written how many of its runs are left, which it does once all it computed is saved. */
export function hasEnded(folder: string, task: string): boolean {
  return new RegExp(`^task ${task}: .* left$`, 'm').test(logsOf(folder))
}

export function logsOf(folder: string): string {
  const slurm = join(folder, 'slurm')
  const names = readdirSync(slurm).filter((name) => name.startsWith('log-'))
  return names.map((name) => readFileSync(join(slurm, name), 'utf8')).join('')
}
