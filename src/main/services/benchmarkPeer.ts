import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process of Python that times what it is sent. */
export interface Peer<Request extends object, Answer extends object> {
  /** Throws an Error with the peer's words where it could not. */
  time(request: Request): Promise<Answer>
  close(): void
}

export interface PeerOptions {
  /** Of its arithmetic on the processor. */
  threads: number
  /** What it is found with, as a user reads it; without that every timing fails for it. */
  needs: string
}

/** Starts a script in Python, which answers each line of JSON with one. */
export function startPeer<Request extends object, Answer extends object>(
  path: string,
  { threads, needs }: PeerOptions,
): Peer<Request, Answer> {
  const count = String(threads)
  const python = spawn('python3', [path], {
    env: { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const waiting: ((line: string | undefined) => void)[] = []
  let ended = false
  createInterface({ input: python.stdout }).on('line', (line) => waiting.shift()?.(line))
  const end = () => {
    ended = true
    waiting.splice(0).forEach((answer) => answer(undefined))
  }
  python.on('error', end)
  python.on('close', end)
  python.stdin.on('error', end)
  return {
    async time(request) {
      const line = await new Promise<string | undefined>((resolve) => {
        if (ended) return resolve(undefined)
        waiting.push(resolve)
        python.stdin.write(`${JSON.stringify(request)}\n`)
      })
      if (line === undefined) throw new Error(`${needs} was not found`)
      const answer = JSON.parse(line) as Answer | { error: string }
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    close: () => python.kill(),
  }
}
