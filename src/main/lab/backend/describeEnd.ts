import type { ProbeOutcome } from './probe.ts'

/** What a signal says of a library that was loaded. */
const causes: Readonly<Record<string, string>> = {
  SIGBUS: ', as where one of its files is cut short',
  SIGILL: ', as where it has instructions that this processor lacks',
}

/** How the process ended that tried a backend, with the last line of its standard error that `isTelling`. */
export function describeEnd(
  { code, signal, lastWords }: Extract<ProbeOutcome, { ended: unknown }>['ended'],
  isTelling: (line: string) => boolean = () => true,
): string {
  const words = lastWords.trim().split('\n').findLast(isTelling)
  const cause = causes[signal ?? ''] ?? ''
  return `it ended the process that tried it (${signal ?? `exit code ${code}`}${cause})${words ? `: ${words}` : ''}`
}
