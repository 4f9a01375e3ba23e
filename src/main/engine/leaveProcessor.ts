import { constants, getPriority, setPriority } from 'node:os'
import { tryStep } from '../../shared/tryStep.ts'

/**
 * Lets a process, this one where none is named, take the processor time that other programs leave: a run goes on for hours
 * beside the window and what else its owner does. One of the lowest priority also leaves it to runs. `GROKSCOPE_PRIORITY=normal` gives it an
 * equal share instead.
 */
export function leaveProcessor(pid = 0, priority = constants.priority.PRIORITY_BELOW_NORMAL): void {
  if (process.env['GROKSCOPE_PRIORITY'] === 'normal') return
  tryStep(
    () => setPriority(pid, Math.max(getPriority(pid), priority)),
    // Where a system forbids it, the run goes on as it is.
    () => undefined,
  )
}
