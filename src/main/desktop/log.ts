import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Log {
  readonly file: string
  write(line: string): void
}

const sizeLimit = 2 ** 20

/** A text file of what went wrong, and on a terminal too; at a megabyte the file is set aside and begun anew. */
export function openLog(folder: string): Log {
  const file = join(folder, 'grokscope.log')
  mkdirSync(folder, { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > sizeLimit) renameSync(file, `${file}.1`)
  return {
    file,
    write(line) {
      process.stderr.write(`${line}\n`)
      appendFileSync(file, `${new Date().toISOString()} ${line}\n`)
    },
  }
}
