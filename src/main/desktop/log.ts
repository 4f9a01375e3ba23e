import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tryStep } from '../../shared/tryStep.ts'
import { printableLines } from '../../shared/printable.ts'
import { logToStandardError, type Log } from '../services/logToStandardError.ts'

export interface LogFile {
  /** Absent where its folder cannot be written. */
  readonly file: string | undefined
  readonly write: Log
}

const sizeLimit = 2 ** 20

/**
 * A text file of what went wrong, and on a terminal too; at a megabyte the file is set aside and begun anew. What cannot be
 * written in it is told on the terminal, and what cannot be told there either is let go: nothing ends because of its log.
 */
export function openLog(locateFolder: () => string): LogFile {
  process.stderr.on('error', () => undefined)
  const echo: Log = (line) =>
    tryStep(
      () => logToStandardError(line),
      () => undefined,
    )
  const file = tryStep(
    () => beginFile(locateFolder()),
    (error) => echo(`there is no log file: ${String(error)}`),
  )
  return {
    file,
    write(line) {
      echo(line)
      if (file === undefined) return
      tryStep(
        () => appendFileSync(file, `${new Date().toISOString()} ${printableLines(line)}\n`),
        (error) => echo(`the log file does not take this: ${String(error)}`),
      )
    },
  }
}

function beginFile(folder: string): string {
  const file = join(folder, 'grokscope.log')
  mkdirSync(folder, { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > sizeLimit) renameSync(file, `${file}.1`)
  appendFileSync(file, '')
  return file
}
