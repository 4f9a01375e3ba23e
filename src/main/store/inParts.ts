/** What is read a part at each step, and is whole after the last. */
export type InParts<Output> = Generator<void, Output>

/** Reads what is left of it at once. */
export function readRest<Output>(parts: InParts<Output>): Output {
  for (;;) {
    const step = parts.next()
    if (step.done) return step.value
  }
}
