import { resolve } from 'node:path'
import { fileURLToPath, URL } from 'node:url'
import { parseArgs } from 'node:util'
import { LabError } from '../../shared/errors.ts'

/** What a start of the program asks for. */
export interface StartArguments {
  /** The archive to work in, as it was written. */
  readonly archive: string | undefined
  /** Archives to open beside it. */
  readonly files: readonly string[]
}

/**
 * Reads the arguments of a start in `folder`: `--archive FILE` in either spelling, the last one if there are several, and
 * archives by path or, as menus hand them over, by address. The rest is Chromium's.
 */
export function readStartArguments(argv: readonly string[], folder: string): StartArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { archive: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const { archive } = values
  if (archive === true) throw new LabError('USAGE', '--archive: a file must follow, as in --archive FILE')
  const files = positionals.map(pathOf).filter((path) => /\.grokscope$/i.test(path))
  return {
    archive: typeof archive === 'string' ? archive : undefined,
    files: files.map((path) => inFolder(path, folder)),
  }
}

/** A path of a start in `folder`; `~/` is left to what opens it. */
export function inFolder(path: string, folder: string): string {
  return /^~[/\\]/.test(path) ? path : resolve(folder, path)
}

function pathOf(argument: string): string {
  const address = URL.parse(argument)
  if (address?.protocol !== 'file:') return argument
  try {
    return fileURLToPath(address)
  } catch {
    // An address of another machine: what opens it says that it is not there.
    return argument
  }
}
