import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { runCases } from '../casePool.ts'
import type { CaseResult } from '../finding.ts'
import { mutationOf } from './mutations.ts'

/** What the worker is given. */
export interface AttackedArchive {
  seed: number
  base: string
  /** Each case has a folder of its own in it. */
  folder: string
  /** A file that unpacks to 1 GiB. */
  bomb: string
}

/** Spoils the base archive in ten ways, each case in its own, and judges what the program makes of it. */
export async function attackArchives(
  given: Omit<AttackedArchive, 'bomb'>,
  numbers: readonly number[],
  onResult: (result: CaseResult) => void,
): Promise<void> {
  const bomb = join(given.folder, 'bomb')
  await makeBomb(bomb)
  await runCases({
    entry: join(import.meta.dirname, 'archiveWorker.ts'),
    argument: JSON.stringify({ ...given, bomb } satisfies AttackedArchive),
    numbers,
    kindOf: (number) => mutationOf(number).kind,
    whatOf: (number) => {
      const what = join(given.folder, `case-${number}`, 'attacked', 'what.txt')
      return existsSync(what) ? readFileSync(what, 'utf8') : 'not spoiled yet: the attack itself fell'
    },
    filesOf: (number) => [join(given.folder, `case-${number}`, 'attacked')],
    onResult,
  })
}

/** Written piece by piece: who holds 1 GiB would be the attack itself. */
async function makeBomb(path: string): Promise<void> {
  const mebibyte = Buffer.alloc(2 ** 20)
  const zeros = Readable.from(Array.from({ length: 1024 }, () => mebibyte))
  await pipeline(zeros, createZstdCompress(), createWriteStream(path))
}
