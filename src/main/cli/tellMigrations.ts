import { printable } from '../../shared/printable.ts'
import { watchMigrations } from '../services/watchMigrations.ts'
import { countThings } from '../../shared/formatting/countThings.ts'

/** Of fewer runs an archive is brought to a newer version before anybody wonders. */
const fewestRuns = 1000

/** Says on standard error that an old archive is brought to this version, and how far it is: on a terminal in one line that changes. */
export function tellMigrations(output: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr): void {
  let tenths = 0
  watchMigrations(({ path, from, to, runs, share }) => {
    if (runs < fewestRuns) return
    const percent = `${Math.round(100 * share)} %`
    if (share === 0) {
      output.write(`${printable(path)}: upgrading from archive version ${from} to ${to}, ${countThings(runs, 'run')}\n`)
      tenths = 0
    } else if (output.isTTY) {
      output.write(`\r${percent}${share === 1 ? '\n' : ''}`)
    } else if (Math.floor(10 * share) > tenths) {
      tenths = Math.floor(10 * share)
      output.write(`${percent}\n`)
    }
  })
}
