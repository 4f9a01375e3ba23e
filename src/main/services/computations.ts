import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import { createCaller } from '../engine/host/caller.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import type { LabCallName, LabCalls } from '../engine/messages.ts'
import type { Broadcast } from './broadcastEvents.ts'

/** A long computation under way. */
export interface Task {
  signal: AbortSignal
  onProgress(done: number, of: number | null): void
}

/** Long computations by the names that clients gave them: they tell how far they are, and can be cancelled. */
export interface Computations {
  /**
   * Throws CANCELLED where it is cancelled, and CONFLICT where another of this name is under way: a client whose connection broke
   * asks again, in the same words, and joins the one that it had begun.
   */
  run<Value>(name: string, question: object, work: (task: Task) => Promise<Value>): Promise<Value>
  cancel(name: string): void
  /** Cancels all of them, and resolves when they have ended. */
  close(): Promise<void>
}

const shortestInterval = 100

export function createComputations(broadcast: Broadcast): Computations {
  const running = new Map<string, { words: string; abort: AbortController; end: Promise<unknown> }>()

  async function supervise<Value>(name: string, abort: AbortController, work: (task: Task) => Promise<Value>) {
    let toldAt = -Infinity
    const { signal } = abort
    try {
      return await work({
        signal,
        onProgress(done, of) {
          const now = performance.now()
          if (signal.aborted || (now - toldAt < shortestInterval && done !== of)) return
          toldAt = now
          broadcast('computation.progress', { computation: name, done, of })
        },
      })
    } catch (error) {
      throw signal.aborted ? new LabError('CANCELLED', 'the computation was cancelled') : error
    } finally {
      running.delete(name)
    }
  }

  return {
    run<Value>(name: string, question: object, work: (task: Task) => Promise<Value>) {
      const words = JSON.stringify(question)
      const found = running.get(name)
      if (found?.words === words) return found.end as Promise<Value>
      if (found)
        throw new LabError('CONFLICT', `computation: another is under way as ${quote(name)}; allowed: a new name`)
      const abort = new AbortController()
      const end = supervise(name, abort, work)
      running.set(name, { words, abort, end })
      return end
    },
    cancel: (name) => running.get(name)?.abort.abort(),
    async close() {
      const all = [...running.values()]
      for (const { abort } of all) abort.abort()
      await Promise.allSettled(all.map(({ end }) => end))
    },
  }
}

/** A call in a worker of its own, which ends with it, and at once where it is cancelled. */
export async function callAlone<Name extends LabCallName>(
  startWorker: StartWorker,
  name: Name,
  input: LabCalls[Name]['input'],
  { signal, onProgress }: Task,
): Promise<LabCalls[Name]['output']> {
  const caller = createCaller(startWorker)
  signal.addEventListener('abort', () => void caller.close(), { once: true })
  try {
    return await caller.call(name, input, onProgress)
  } finally {
    await caller.close()
  }
}
