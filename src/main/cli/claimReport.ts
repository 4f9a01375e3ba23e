import { errorAdvice, isOutcome, outcomes } from '../../shared/errors.ts'
import { countThings } from '../../shared/formatting/countThings.ts'
import { countedVerdicts } from '../../shared/formatting/countedVerdicts.ts'
import { describeEvidence } from '../../shared/formatting/describeEvidence.ts'
import { formatCount } from '../../shared/formatting/formatNumber.ts'
import {
  isAsDeclared,
  stoppedRuns,
  type Claim,
  type FigureResult,
  type RunEvidence,
} from '../../shared/papers/figure.ts'
import { printableJson, printableLines } from '../../shared/printable.ts'
import { plainText } from '../../shared/formatting/setSymbols.ts'
import { resumeCommand } from './resumeCommand.ts'
import { table } from './text.ts'

/** Writes what came of a figure's claims: one JSON object, or a table in words. */
export function writeClaims(result: FigureResult, { json, archive }: { json?: boolean; archive?: string }): void {
  const { figure, runs, claims } = result
  if (json) process.stdout.write(`${printableJson({ type: 'verdict', figure, runs, claims })}\n`)
  else process.stdout.write(`\n${printableLines(claimReport(result, archive))}\n`)
}

/** The claims of a figure as a table: verdicts, values and what they rest on; and what keeps them pending. */
export function claimReport({ claims, runs }: Pick<FigureResult, 'claims' | 'runs'>, archive?: string): string {
  const rows = claims.map((claim) => [
    describeVerdict(claim),
    plainText(claim.text),
    describeMeasured(claim),
    claim.expected,
    describeEvidence(claim.evidence),
  ])
  const lines = [
    table([['verdict', 'claim', 'measured', 'expected', 'evidence'], ...rows]),
    summary(claims),
    ...claims.flatMap(({ declared, text, reason }) =>
      reason ? [plainText(`Declared ${declared}: ${text}. ${reason}`)] : [],
    ),
  ]
  const stopped = stoppedRuns(runs)
  if (stopped.length > 0) {
    const finished = runs.filter(({ status }) => status === 'finished').length
    lines.push(
      `${formatCount(finished)} of ${countThings(runs.length, 'run')} ${runs.length === 1 ? 'is' : 'are'} finished; no claim is decided before all are:`,
    )
    lines.push(...stopped.map((run) => `  ${stoppedLine(run, archive)}`))
    const codes = new Set(stopped.map(({ code }) => code))
    lines.push(...outcomes.filter((code) => codes.has(code)).map((code) => `${code}: ${errorAdvice[code]}`))
  }
  return lines.join('\n')
}

const marks = { holds: '!', 'not held': '✗', outside: '!', pending: '·' } as const

/** A verdict as declared is ticked, whatever it is. */
function describeVerdict(claim: Claim): string {
  const { verdict, declared } = claim
  if (isAsDeclared(claim)) return verdict === 'holds' ? '✓ holds' : `✓ ${verdict}, as declared`
  const isUnlikeFinding = declared !== 'holds' && verdict !== 'pending'
  return `${marks[verdict]} ${verdict}${isUnlikeFinding ? ', unlike declared' : ''}`
}

function describeMeasured({ verdict, measured }: Claim): string {
  if (measured === null) return verdict === 'pending' ? 'nothing yet' : 'nothing'
  return verdict === 'pending' ? `so far ${measured}` : measured
}

/** `14 of 14 claims as declared: 13 hold, 1 not held`. */
function summary(claims: readonly Claim[]): string {
  const asDeclared = claims.filter(isAsDeclared).length
  return `${asDeclared} of ${claims.length} claims as declared: ${countedVerdicts(claims)}`
}

/** With the command that goes on with it, where that would come further. */
function stoppedLine(run: RunEvidence, archive?: string): string {
  const { runId, experiment, seed, status, code, step, neededStep } = run
  const where = `${experiment}, seed ${seed}: ${status}`
  if (runId === null) return where
  const at = `${where} at step ${formatCount(step)} of ${formatCount(neededStep)}`
  if (isOutcome(code)) return `${at}: ${code}; resumed, it would end at the same step again`
  return `${at}; ${resumeCommand([runId], archive)}`
}
