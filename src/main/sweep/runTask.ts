import { stopSignals } from '../../shared/stopSignals.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { printable, printableLines } from '../../shared/printable.ts'
import { computeTask } from './computeTask.ts'
import { openSweepFolder } from './sweepFolder.ts'

/** What a scheduler is told: all runs have ended well; some have not, for good or as it was asked; come again. */
export const taskExits = { complete: 0, failed: 1, usage: 2, again: 75 } as const

/**
 * Does one task of a sweep and returns its exit code. Told to end (TERM), the run at hand is saved and the task stays ended: 1. Told
 * that its time is nearly over (USR1), it is saved too, and wants to be started again: 75; so it does where the disk is full.
 */
export async function runTask(folder: string, index: number): Promise<number> {
  const stop = new AbortController()
  let isWarned = false
  for (const signal of stopSignals) process.on(signal, () => stop.abort())
  if (process.platform !== 'win32') {
    process.on('SIGUSR1', () => {
      isWarned = true
      stop.abort()
    })
  }
  try {
    const { finished, failed, left, refusals } = await computeTask(openSweepFolder(folder), index, stop.signal)
    for (const refusal of refusals) process.stderr.write(`${printable(refusal)}\n`)
    process.stdout.write(`task ${index}: ${finished} finished, ${failed} failed, ${left} left\n`)
    if (left > 0 && isWarned) return taskExits.again
    return failed + left > 0 ? taskExits.failed : taskExits.complete
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    process.stderr.write(`${printableLines(message)}\n`)
    if (code === 'DISK_FULL') return taskExits.again
    return error instanceof LabError ? taskExits.usage : taskExits.failed
  }
}
