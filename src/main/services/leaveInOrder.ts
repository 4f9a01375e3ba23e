import { setImmediate as nextTurn } from 'node:timers/promises'
import { stopSignals } from '../../shared/stopSignals.ts'

type Leave = () => void | Promise<void>

const leaves = new Set<Leave>()
let left: Promise<unknown> | undefined

/**
 * Does what must not be cut short by the system's request to end without `leave`. After that the request does what it would have
 * done, and nothing follows on `work`. One may be part of another.
 */
export async function leaveInOrder<Outcome>(leave: Leave, work: () => Promise<Outcome>): Promise<Outcome> {
  if (leaves.size === 0) for (const signal of stopSignals) process.on(signal, endBySignal)
  leaves.add(leave)
  try {
    return await work()
  } finally {
    // What was asked while `work` let nothing else happen is heard between two turns.
    await nextTurn()
    await nextTurn()
    await left
    leaves.delete(leave)
    if (leaves.size === 0) stopListening()
  }
}

/** Ends the program from within as in order: `end` comes at once where nothing has to be left first. */
export function endInOrder(end: () => void): void {
  if (leaves.size === 0) return end()
  left ??= Promise.allSettled([...leaves].map(async (leave) => leave())).then(() => {
    stopListening()
    end()
  })
}

function endBySignal(signal: NodeJS.Signals): void {
  endInOrder(() => process.kill(process.pid, signal))
}

function stopListening(): void {
  for (const signal of stopSignals) process.off(signal, endBySignal)
}
