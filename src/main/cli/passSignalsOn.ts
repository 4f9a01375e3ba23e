import type { ChildProcess } from 'node:child_process'
import { stopSignals } from '../../shared/stopSignals.ts'

/**
 * Passes what this program is told on to one that it started; that ends when it has saved what it has. Under Windows the system tells every program on the
 * terminal by itself, and whatever is sent to one ends it at once. The returned function ends it.
 */
export function passSignalsOn(
  child: Pick<ChildProcess, 'kill'>,
  platform: NodeJS.Platform = process.platform,
): () => void {
  const isWindows = platform === 'win32'
  const signals = isWindows ? stopSignals : ([...stopSignals, 'SIGUSR1'] as const)
  const hear = (signal: NodeJS.Signals) => void (isWindows || child.kill(signal))
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}
