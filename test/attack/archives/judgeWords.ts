import { faultsOfText, type CaseResult, type Finding } from '../finding.ts'
import { firstDifference } from './compareExports.ts'
import type { Words } from './probeArchive.ts'

/** What the undamaged archive exports, by the names of the files. */
export type Reference = ReadonlyMap<string, Buffer>

export type Judgment = Pick<CaseResult, 'outcome' | 'findings'>

/**
 * Judges what the program said of a damaged archive. Refused, or told of, is well; so is every value unchanged. A value
 * that differs without a word is not.
 */
export function judgeWords(all: readonly Words[], reference: Reference): Judgment {
  const findings: Finding[] = []
  let [refused, told] = [false, false]
  for (const { at, code, text, file, leftBehind } of all) {
    findings.push(...faultsOfText(at, text))
    if (code !== 0 && text === '') findings.push({ fault: 'silent difference', at, text: `exit code ${code}, no word` })
    if (leftBehind) findings.push({ fault: 'half-written', at, text: `it left ${leftBehind.join(', ')}` })
    if (code !== 0 && !file) refused = true
    const isTold = text !== ''
    if (isTold && file) told = true
    if (!file || isTold) continue
    const [difference, ...others] = wantedOf(file.name, reference).map((wanted) => readDifference(file, wanted))
    if (difference !== undefined && !others.includes(undefined)) {
      findings.push({ fault: 'silent difference', at, text: difference })
    }
  }
  return { findings, outcome: findings.length > 0 ? 'finding' : told ? 'told' : refused ? 'refused' : 'same' }
}

/** What may stand in a file: what was to be written into the archive is not there where that was refused. */
function wantedOf(name: string, reference: Reference): Buffer[] {
  return [name, name.replace(/^written/, 'read')].flatMap((wanted) => reference.get(wanted) ?? [])
}

/** A file that cannot be read as what it should be differs, too. */
function readDifference({ name, bytes }: NonNullable<Words['file']>, wanted: Buffer): string | undefined {
  try {
    return firstDifference(name, wanted, bytes)
  } catch (error) {
    return `the file cannot be read: ${(error as Error).message}`
  }
}
