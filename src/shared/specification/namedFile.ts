import type { Change } from './paths.ts'

/** Where a specification says what a file held, by where it names that file. */
const saidOf = { 'task.path': 'task.content', 'initialization.path': 'initialization.hash' } as const

export type FilePath = keyof typeof saidOf

export function isFilePath(path: string): path is FilePath {
  return Object.hasOwn(saidOf, path)
}

/** Names another file; what is said of the one before is not said of it. */
export function nameFile(path: FilePath, file: unknown): Change[] {
  return [
    { path, value: file },
    { path: saidOf[path], value: undefined },
  ]
}
