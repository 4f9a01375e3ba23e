import { setImmediate as nextTurn } from 'node:timers/promises'

const stepsInOneTurn = 50

/** Takes the steps of something long, and lets in between happen what else a host has to do. */
export async function inTurns<Outcome>(steps: Generator<void, Outcome>): Promise<Outcome> {
  for (let step = 1; ; step++) {
    const { done, value } = steps.next()
    if (done) return value
    if (step % stepsInOneTurn === 0) await nextTurn()
  }
}
