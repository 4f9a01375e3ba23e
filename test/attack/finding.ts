/** What no input may bring about. */
export const faults = [
  'silent difference',
  'stack',
  'internal error',
  'crash',
  'hang',
  'memory',
  'long message',
  'half-written',
  'lost',
  'unanswered',
] as const

export type Fault = (typeof faults)[number]

export interface Finding {
  fault: Fault
  /** What the program was doing. */
  at: string
  /** What was seen. */
  text: string
}

/** How one case ended. */
export interface CaseResult {
  number: number
  /** The kind of the mutation, which the table counts by. */
  kind: string
  /** What exactly was done. */
  what: string
  /** The best that can be said of it; `same` where nothing differed from what was not attacked. */
  outcome: 'same' | 'refused' | 'told' | 'finding'
  findings: Finding[]
  /** What was attacked with, to be kept where something was found. */
  files: string[]
}

const longestMessage = 4000

/** What is wrong with words that the program told of an input; the advice and a line of usage may stand below them. */
export function faultsOfText(at: string, text: string): Finding[] {
  const findings: Finding[] = []
  if (/^\s+at .+[:)]/m.test(text)) findings.push({ fault: 'stack', at, text })
  else if (text.includes('This is a defect of Grokscope')) findings.push({ fault: 'internal error', at, text })
  if (text.length > longestMessage + 500)
    findings.push({ fault: 'long message', at, text: `${text.length} characters` })
  return findings
}
