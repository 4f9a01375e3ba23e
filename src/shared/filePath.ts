import { z } from 'zod'

/** Bytes of UTF-8 that file systems take for a name, and for all of a path. */
const longestName = 255
const longestPath = 4096

/** The path of a file as a person writes it. */
export const filePath = z
  .string()
  .min(1)
  .superRefine((path, context) => {
    const message = path === '' ? null : pathProblem(path)
    if (message) context.addIssue({ code: 'custom', message })
  })

/** Why no file can be at a path, whatever the file system; null where one can. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'a path has at least one character'
  if (path.includes('\0')) return 'a path has no NUL'
  if (bytesOf(path) > longestPath) return `a path has at most ${longestPath} bytes`
  const isLong = path.split(/[/\\]/).some((name) => bytesOf(name) > longestName)
  return isLong ? `the name of a file or a folder has at most ${longestName} bytes` : null
}

function bytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
