import { readRest, type InParts } from './inParts.ts'
import type { Lasting } from './lasting.ts'
import type { Revision } from './runRecords.ts'

/** After more runs were written of than these, an answer is not renewed but read anew. */
const maxRenewed = 500

interface Answer {
  all: number
  lasting: number
  others: string
  value: unknown
  bytes: number
}

/** An answer that is being read in parts, with what had been written when that began: of what was written since it is renewed. */
interface BegunAnswer extends Pick<Answer, 'all' | 'lasting' | 'others'> {
  key: string
  parts: InParts<unknown>
}

interface Limits<Kept> {
  maxBytes: number
  bytesOf: (value: Kept) => number
}

/**
 * Answers about all runs, each for as long as nothing is written that may change it: the latest of them, and as many as fit into
 * `maxBytes`, however many runs there are; the latest one always.
 */
export class RememberedAnswers<Kept> {
  readonly #revision: Readonly<Revision>
  readonly #limits: Limits<Kept>
  readonly #answers = new Map<string, Answer>()
  #begun: BegunAnswer | undefined
  #bytes = 0
  #others = ''

  constructor(revision: Readonly<Revision>, limits: Limits<Kept>) {
    this.#revision = revision
    this.#limits = limits
  }

  /** Of all that is remembered. */
  get bytes(): number {
    return this.#bytes
  }

  /** `others` tells apart what is not written here. */
  lookAt(others: string): void {
    this.#others = others
  }

  /** `renew` brings an answer up to date where of few runs something was written; undefined where it cannot. */
  remember<Value extends Kept>(
    key: string,
    lasting: Lasting,
    read: () => Value,
    renew?: (known: Value, runIds: readonly string[]) => Value | undefined,
  ): Value {
    if (lasting === 'moment') return read()
    if (this.#canGoOn(key)) this.#finish(readRest(this.#begun!.parts) as Value)
    const known = this.#answers.get(key)
    const still = this.#still(known, lasting, renew)
    // It would be held beside what is read in its place.
    if (still === undefined) this.#forget(key)
    const value = still ?? read()
    const { all, lasting: upTo } = this.#revision
    const bytes = known && known.value === value ? known.bytes : this.#limits.bytesOf(value)
    this.#keep(key, { all, lasting: upTo, others: this.#others, value, bytes })
    return value
  }

  /**
   * Reads a further part of an answer that is not known, and says whether there is more of it; where it is needed meanwhile,
   * `remember` reads the rest. It is given up where runs came or went, or something was written elsewhere.
   */
  readPart<Value extends Kept>(key: string, lasting: Lasting, begin: () => InParts<Value>): boolean {
    if (lasting === 'moment' || this.#answers.get(key)?.others === this.#others) return false
    if (this.#begun?.key !== key) {
      const { all, lasting: upTo } = this.#revision
      this.#begun = { key, all, lasting: upTo, others: this.#others, parts: begin() }
    } else if (!this.#canGoOn(key)) {
      this.#begun = undefined
      return false
    }
    const step = this.#begun.parts.next()
    if (step.done) this.#finish(step.value as Value)
    return !step.done
  }

  #canGoOn(key: string): boolean {
    const { key: begun, others, all } = this.#begun ?? {}
    return begun === key && others === this.#others && this.#revision.writtenSince(all!) !== null
  }

  #finish<Value extends Kept>(value: Value): void {
    const { key, all, lasting, others } = this.#begun!
    this.#begun = undefined
    this.#keep(key, { all, lasting, others, value, bytes: this.#limits.bytesOf(value) })
  }

  #keep(key: string, answer: Answer): void {
    this.#forget(key)
    this.#answers.set(key, answer)
    this.#bytes += answer.bytes
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= this.#limits.maxBytes || this.#answers.size === 1) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes ?? 0
    this.#answers.delete(key)
  }

  #still<Value extends Kept>(
    known: Answer | undefined,
    lasting: keyof Pick<Revision, 'all' | 'lasting'>,
    renew?: (known: Value, runIds: readonly string[]) => Value | undefined,
  ): Value | undefined {
    if (known?.others !== this.#others) return undefined
    const value = known.value as Value
    if (known[lasting] === this.#revision[lasting]) return value
    const written = renew && this.#revision.writtenSince(known.all)
    if (!written || written.size > maxRenewed) return undefined
    return renew(value, [...written])
  }
}
