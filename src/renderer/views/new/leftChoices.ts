import type { SpecDraft } from '../../../shared/specification/paths.ts'
import { isRecord } from './axes.ts'

/** A draft as it was before a choice was left and after. */
interface Leaving {
  before: SpecDraft
  after: SpecDraft
}

/** What choices have taken out of a draft, or changed: who goes back to a kind finds there what was set before. */
export class LeftChoices {
  readonly #left = new Map<string, Leaving>()

  /** The draft after a field went from one choice to another, with what was set of that when it was left. */
  follow(field: string, from: unknown, to: unknown, before: SpecDraft, after: SpecDraft): SpecDraft {
    this.#left.set(JSON.stringify([field, from]), { before, after })
    const left = this.#left.get(JSON.stringify([field, to]))
    return left ? takenBack(after, before, left) : after
  }

  forget() {
    this.#left.clear()
  }
}

/** What has become of a value since it was left stays. */
function takenBack(target: SpecDraft, now: SpecDraft, { before, after }: Leaving): SpecDraft {
  const found = { ...target }
  for (const [key, value] of Object.entries(before)) {
    const [left, current, own] = [after[key], now[key], target[key]]
    if (isRecord(value) && isRecord(left) && isRecord(current) && isRecord(own)) {
      found[key] = takenBack(own, current, { before: value, after: left })
    } else if (JSON.stringify(left) !== JSON.stringify(value) && JSON.stringify(current) === JSON.stringify(left)) {
      found[key] = value
    }
  }
  return found
}
