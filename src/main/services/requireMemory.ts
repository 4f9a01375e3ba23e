import { freemem, totalmem } from 'node:os'
import { LabError } from '../../shared/errors.ts'
import { estimateCost } from '../../shared/estimate.ts'
import type { ExperimentSpec } from '../../shared/experiment.ts'

/** Refuses a specification of which one run holds more bytes than this machine has left. Throws OUT_OF_MEMORY. */
export function requireMemory(spec: ExperimentSpec, availableBytes = availableMemory()): void {
  const { memoryBytes } = estimateCost(spec, 1)
  if (memoryBytes <= availableBytes) return
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1)
  throw new LabError(
    'OUT_OF_MEMORY',
    `a run of this specification holds ${gigabytes(memoryBytes)} GiB; ` +
      `this machine has ${gigabytes(availableBytes)} GiB free`,
  )
}

/** macOS counts as used what it keeps of files, and gives it up when asked: half of all is taken to be obtainable. */
function availableMemory(): number {
  return process.platform === 'darwin' ? Math.max(freemem(), totalmem() / 2) : freemem()
}
