import { printableLines } from '../../shared/printable.ts'

/** Takes lines about what went wrong; may not throw. */
export type Log = (line: string) => void

/** The log of a host that has no file for it. */
export const logToStandardError: Log = (line) => void process.stderr.write(`${printableLines(line)}\n`)
