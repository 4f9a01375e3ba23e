import { printable } from '../../shared/printable.ts'

/** A run that is not what was stored of it: a line for those who read, the exit code for those who do not. */
export function warnOfDamage(runId: string, findings: readonly string[]): void {
  if (findings.length === 0) return
  process.stderr.write(`${printable(`run ${runId} is damaged: ${findings.join('; ')}`)}\n`)
  process.exitCode = 1
}
