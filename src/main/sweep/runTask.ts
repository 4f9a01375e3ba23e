import { stopSignals } from '../../shared/stopSignals.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { printable, printableLines } from '../../shared/printable.ts'
import { computeTask, type TaskOptions } from './computeTask.ts'
import { openSweepFolder } from './sweepFolder.ts'

/** What a scheduler is told: all runs have ended well; some have not, for good or as it was asked; come again. */
export const taskExits = { complete: 0, failed: 1, usage: 2, again: 75 } as const

/**
 * Does one task of a sweep and returns its exit code. Told to end (TERM), the run at hand is saved and the task stays ended: 1. Told
 * that its time is nearly over (USR1), it is saved too, and wants to be started again: 75, as where the disk is full. A start that
 * brought no run further wants no other.
 */
export async function runTask(
  folder: string,
  index: number,
  options: Omit<TaskOptions, 'signal'> = {},
): Promise<number> {
  const stop = new AbortController()
  let isWarned = false
  let isEnded = false
  for (const signal of stopSignals) {
    process.on(signal, () => {
      isEnded = true
      stop.abort()
    })
  }
  if (process.platform !== 'win32') {
    process.on('SIGUSR1', () => {
      isWarned = true
      stop.abort()
    })
  }
  try {
    const outcome = await computeTask(openSweepFolder(folder), index, { ...options, signal: stop.signal })
    const { finished, failed, left, problems, diskFull, hasAdvanced } = outcome
    for (const problem of problems) process.stderr.write(`${printable(problem)}\n`)
    process.stdout.write(`task ${index}: ${finished} finished, ${failed} failed, ${left} left\n`)
    if (diskFull !== undefined) process.stderr.write(`${printable(diskFull)}\n`)
    if (left > 0 && (isWarned || diskFull !== undefined) && !isEnded) {
      if (hasAdvanced) return taskExits.again
      process.stderr.write(`task ${index}: no run came further in this start, and none would in the next\n`)
    }
    return failed + left > 0 ? taskExits.failed : taskExits.complete
  } catch (error) {
    process.stderr.write(`${printableLines(toErrorRecord(error).message)}\n`)
    return error instanceof LabError ? taskExits.usage : taskExits.failed
  }
}
