import type { Lasting } from './lasting.ts'
import type { Revision } from './runRecords.ts'

/** After more runs were written of than these, an answer is not renewed but read anew. */
const maxRenewed = 500

interface Answer {
  all: number
  lasting: number
  others: string
  value: unknown
}

/** Answers about all runs, the latest of them, each for as long as nothing is written that may change it. */
export class RememberedAnswers {
  readonly #revision: Readonly<Revision>
  readonly #max: number
  readonly #answers = new Map<string, Answer>()
  #others = ''

  constructor(revision: Readonly<Revision>, max: number) {
    this.#revision = revision
    this.#max = max
  }

  /** `others` tells apart what is not written here. */
  lookAt(others: string): void {
    this.#others = others
  }

  /** `renew` brings an answer up to date where of few runs something was written; undefined where it cannot. */
  remember<Value>(
    key: string,
    lasting: Lasting,
    read: () => Value,
    renew?: (known: Value, runIds: readonly string[]) => Value | undefined,
  ): Value {
    if (lasting === 'moment') return read()
    const known = this.#answers.get(key)
    const value = this.#still(known, lasting, renew) ?? read()
    const { all, lasting: upTo } = this.#revision
    this.#answers.delete(key)
    this.#answers.set(key, { all, lasting: upTo, others: this.#others, value })
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#max) break
      this.#answers.delete(oldest)
    }
    return value
  }

  #still<Value>(
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
