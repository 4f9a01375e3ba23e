import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { BenchmarkCase } from '../../shared/benchmark.ts'

export interface Peer {
  time(method: string, target: BenchmarkCase, repetitions: number): Promise<{ milliseconds: number[] }>
  close(): void
}

/** The Python peers in a process with so many threads; without Python or NumPy every timing fails with the reason. */
export function startPeer(path: string, threads: number): Peer {
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
    async time(method, { size, precision }, repetitions) {
      const line = await new Promise<string | undefined>((resolve) => {
        if (ended) return resolve(undefined)
        waiting.push(resolve)
        python.stdin.write(`${JSON.stringify({ method, ...size, precision, repetitions })}\n`)
      })
      if (line === undefined) throw new Error('python3 with NumPy was not found')
      const answer = JSON.parse(line) as { milliseconds: number[] } | { error: string }
      if ('error' in answer) throw new Error(answer.error)
      return answer
    },
    close: () => python.kill(),
  }
}
