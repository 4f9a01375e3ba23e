import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CaseResult } from './finding.ts'

/** What a case of many questions says after each answer. */
export const answered = 'answered'

export function tellAnswer(): void {
  process.send!(answered)
}

/** Serves a pool from a child process: one case after another, each answered with its result. */
export function serveCases(attack: (number: number) => Promise<CaseResult>): void {
  process.on('message', (number: number) => void serveCase(number))
  process.send!({ isReady: true })

  async function serveCase(number: number): Promise<void> {
    const result = await attack(number)
    // What the program left to a later turn, and what falls there, is of this case.
    await nextTurn()
    process.send!(result)
  }
}
