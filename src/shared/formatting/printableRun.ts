import { printable } from '../printable.ts'
import type { RunSummary } from '../run.ts'

/** A run whose words can be shown: an archive may hold what no new name may. Tags stay, so that they can be taken off. */
export function printableRun<Run extends RunSummary>(run: Run): Run {
  const { name, experiment, message } = run
  const shown = { name: printable(name), experiment: printable(experiment), message: message && printable(message) }
  const isAlready = shown.name === name && shown.experiment === experiment && shown.message === message
  return isAlready ? run : { ...run, ...shown }
}
