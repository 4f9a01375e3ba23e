import { existsSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { decodeValue } from '../../shared/wire.ts'
import { readOrExplain } from '../files/fileFailures.ts'

interface Planned<Content> {
  stored: z.ZodType<Content>
  hash: string
  hashOf: (content: Content) => string
}

/** What a file in the folder of a sweep holds. Throws INVALID_FILE where that cannot be read, or is not what was planned. */
export function readPlanned<Content>(file: string, { stored, hash, hashOf }: Planned<Content>): Content {
  const refuse = (why: string) =>
    new LabError('INVALID_FILE', `${file} ${why}; plan the sweep again, into another folder`)
  if (!existsSync(file)) throw refuse('is not there, and the sweep was planned with it')
  const bytes = readOrExplain(file, (path) => readFileSync(path))
  const found = tryStep(
    () => {
      const content = stored.parse(decodeValue(bytes))
      return { content, hash: hashOf(content) }
    },
    () => undefined,
  )
  if (found?.hash === hash) return found.content
  throw refuse('is not what was planned')
}
