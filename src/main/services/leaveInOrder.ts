import { stopSignals } from '../../shared/stopSignals.ts'

type Leave = () => void | Promise<void>

const leaves = new Set<Leave>()
let left: Promise<unknown> | undefined

/**
 * Does what must not be cut short by the system's request to end without `leave`. After that the request does what it would have
 * done, and nothing follows on `work`. One may be part of another.
 */
export async function leaveInOrder<Outcome>(leave: Leave, work: () => Promise<Outcome>): Promise<Outcome> {
  if (leaves.size === 0) for (const signal of stopSignals) process.on(signal, end)
  leaves.add(leave)
  try {
    return await work()
  } finally {
    await left
    leaves.delete(leave)
    if (leaves.size === 0) stopListening()
  }
}

function end(signal: NodeJS.Signals): void {
  left ??= Promise.allSettled([...leaves].map((leave) => leave())).then(() => {
    stopListening()
    process.kill(process.pid, signal)
  })
}

function stopListening(): void {
  for (const signal of stopSignals) process.off(signal, end)
}
