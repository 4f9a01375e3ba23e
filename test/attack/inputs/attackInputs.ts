import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { callList } from '../../support/callProgram.ts'
import { runCases } from '../casePool.ts'
import type { CaseResult } from '../finding.ts'
import { attackHost } from './attackHost.ts'

export interface AttackedInputs {
  seed: number
  /** An archive to ask of. */
  base: string
  folder: string
}

const kinds = [
  'specification',
  'settings',
  'query',
  'message to a decoder',
  'specification',
  'settings',
  'query',
  'message to a host',
  'specification',
  'message to a host',
] as const
export type InputKind = (typeof kinds)[number]

export function inputKindOf(number: number): InputKind {
  return kinds[number % kinds.length]!
}

/** Gives the program hostile specifications, settings, filters and messages. */
export async function attackInputs(
  given: AttackedInputs,
  numbers: readonly number[],
  onResult: (result: CaseResult) => void,
): Promise<void> {
  const runIds = (await callList(given.base)).map(({ id }) => id)
  const isOfHost = (number: number) => inputKindOf(number) === 'message to a host'
  await runCases({
    entry: join(import.meta.dirname, 'inputWorker.ts'),
    argument: JSON.stringify({ ...given, runIds }),
    numbers: numbers.filter((number) => !isOfHost(number)),
    kindOf: inputKindOf,
    whatOf: () => 'see the file',
    filesOf: (number) => [join(given.folder, `case-${number}`)],
    onResult: (result) => {
      if (result.findings.length > 0) return onResult(result)
      onResult({ ...result, files: [] })
      for (const suffix of ['', '.json']) rmSync(join(given.folder, `case-${result.number}${suffix}`), { force: true })
    },
  })
  await attackHost({ ...given, runIds }, numbers.filter(isOfHost), onResult)
}
