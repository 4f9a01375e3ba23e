import { createInterface } from 'node:readline/promises'
import { LabError } from '../../shared/errors.ts'

/** Has a person agree to what is foreseen; where nobody can be asked, `--yes` does. Throws USAGE. */
export async function ask(foreseen: string): Promise<void> {
  // What came over standard input has used it up.
  if (!process.stdin.isTTY || process.stdin.readableEnded)
    throw new LabError('USAGE', `${foreseen}; add --yes to start`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C and Ctrl-D are no answer.
  const answer = await terminal.question(`${foreseen}. Start? [y/N] `).catch(() => '')
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new LabError('USAGE', 'not started')
}
