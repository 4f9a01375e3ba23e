import { randomInt } from 'node:crypto'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BrowserHost {
  /** What it printed: the address with its token. */
  readonly address: string
  readonly port: number
  /** Kills the workers that it has, as Linux lists them. */
  killWorkers(): void
  /** MiB of memory that it has, and the most that it had, as Linux counts them. */
  readonly memory: () => { resident: number; peak: number }
  close(signal?: NodeJS.Signals): Promise<{ code: number | null }>
  /** Once it has ended, by itself or not: a signal that comes as it ends would be the reason. */
  readonly ended: Promise<{ code: number | null }>
  /** Lets its files grow to so many bytes from now on. */
  limitFiles(bytes: number | 'unlimited'): void
  /** Ends it without a chance to put anything in order. */
  kill(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/**
 * A free port that neither the system nor a host without `--port` gives to another program: a host that had it finds it again after it has
 * ended, whatever begins meanwhile.
 */
export async function portOfItsOwn(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch (error) {
      // In use, or reserved.
      if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) continue
      throw error
    }
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

/** The address that a host printed, once its line is whole: a part of it may come first. */
export const addressLine = /http:\S+(?=\n)/

const builtProgram = [process.execPath, join(root, 'out/main/cli.js')]

/**
 * `grokscope serve` as it was built, or of the program given, with more options, in a process of its own, on the port
 * given or any free one.
 */
export async function startBrowserHost(
  archivePath: string,
  port?: number,
  [command, ...rest]: readonly string[] = builtProgram,
  more: readonly string[] = [],
): Promise<BrowserHost> {
  const options = ['--archive', archivePath, ...(port === undefined ? [] : ['--port', String(port)]), ...more]
  const child = spawn(command!, [...rest, 'serve', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<{ code: number | null }>((resolve) => child.once('close', (code) => resolve({ code })))
  const address = await new Promise<string>((resolve, reject) => {
    let told = ''
    const listen = (text: Buffer) => {
      told += String(text)
      const [found] = told.match(addressLine) ?? []
      if (found) resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('close', () => reject(new Error(`the host ended before it was open: ${told}`)))
  })
  return {
    address,
    port: Number(new URL(address).port),
    killWorkers: () => childrenOf(child.pid!).forEach(killIfThere),
    ended,
    memory: () => memoryOf(child.pid!),
    close(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
    limitFiles: (bytes) => void execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function memoryOf(process: number): { resident: number; peak: number } {
  const status = readFileSync(`/proc/${process}/status`, 'utf8')
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)![1]) / 1024
  return { resident: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === parent)
    .map(Number)
}

/** One that has nothing to do may end meanwhile. */
function killIfThere(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The fourth field of `stat`; the second is a name in parentheses. */
function parentOf(process: string): number | undefined {
  try {
    return Number(
      readFileSync(`/proc/${process}/stat`, 'utf8')
        .replace(/^.*\) \S /, '')
        .split(' ', 1)[0],
    )
  } catch {
    return undefined
  }
}
