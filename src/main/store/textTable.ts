const textsOfPart = 1024
const freeSlot = -1
const maxCommon = 256

/** What runs have in common, by number: an array, or something that takes less memory. */
export interface Keys<Key> extends Iterable<Key> {
  readonly length: number
  /** To be asked of numbers that are there only. */
  at(number: number): Key | undefined
}

/**
 * Different texts by number, which are few objects however many there are: a thousand of them are one string, and a slot finds the
 * number of a text by its hash.
 */
export class TextTable implements Keys<string> {
  readonly #parts: string[] = []
  /** Those that make no whole part yet. */
  #latest: string[] = []
  /** Where each text begins in its part. */
  #starts = new Uint32Array(textsOfPart)
  #nextStart = 0
  #slots: Int32Array | undefined = new Int32Array(2 * textsOfPart).fill(freeSlot)
  #length = 0
  /** The first of them, which are all where many runs have the same. */
  readonly #common = new Map<string, number>()

  static of(texts: Iterable<string>): TextTable {
    const table = new TextTable()
    for (const text of texts) table.add(text)
    return table
  }

  get length(): number {
    return this.#length
  }

  get byteLength(): number {
    const characters = [...this.#parts, ...this.#latest].reduce((sum, text) => sum + text.length, 0)
    return characters + this.#starts.byteLength + (this.#slots?.byteLength ?? 0)
  }

  /** The number of a text, which it is given where it has none. */
  add(text: string): number {
    const common = this.#common.get(text)
    if (common !== undefined) return common
    this.#slots ??= this.#slotsOfAll(2 * this.#length)
    let slot = this.#slotOf(this.#slots, text)
    if (this.#slots[slot] !== freeSlot) return this.#slots[slot]!
    if (2 * this.#length >= this.#slots.length) {
      this.#slots = this.#slotsOfAll(4 * this.#length)
      slot = this.#slotOf(this.#slots, text)
    }
    this.#slots[slot] = this.#length
    this.#append(text)
    if (this.#length < maxCommon) this.#common.set(text, this.#length)
    return this.#length++
  }

  /** What only adding needs is made anew where something is added after all. */
  settle(): this {
    this.#slots = undefined
    return this
  }

  at(number: number): string | undefined {
    if (number < 0 || number >= this.#length) return undefined
    const part = this.#parts[Math.floor(number / textsOfPart)]
    if (part === undefined) return this.#latest[number % textsOfPart]
    const isLast = number % textsOfPart === textsOfPart - 1
    return part.slice(this.#starts[number], isLast ? undefined : this.#starts[number + 1])
  }

  /** For each text whether it contains one, in letters of either case: 1 at its number. */
  containing(text: string): Uint8Array {
    const needed = text.toLowerCase()
    const found = new Uint8Array(this.#length)
    if (needed === '') return found.fill(1)
    for (const [place, part] of this.#parts.entries()) this.#findInPart(place * textsOfPart, part, needed, found)
    const first = this.#parts.length * textsOfPart
    for (const [i, each] of this.#latest.entries()) found[first + i] = Number(each.toLowerCase().includes(needed))
    return found
  }

  /** A thousand texts are searched as the one string that they are. */
  #findInPart(first: number, part: string, needed: string, found: Uint8Array): void {
    const lower = part.toLowerCase()
    // Of İ two letters are made, and what Σ becomes depends on what follows.
    if (lower.length !== part.length || part.includes('Σ')) {
      for (let number = first; number < first + textsOfPart; number++) {
        found[number] = Number(this.at(number)!.toLowerCase().includes(needed))
      }
      return
    }
    const last = first + textsOfPart - 1
    let number = first
    for (let at = lower.indexOf(needed); at >= 0;) {
      while (number < last && this.#starts[number + 1]! <= at) number++
      const end = number < last ? this.#starts[number + 1]! : lower.length
      const isWithin = at + needed.length <= end
      if (isWithin) found[number] = 1
      at = lower.indexOf(needed, isWithin ? end : at + 1)
    }
  }

  *[Symbol.iterator](): Generator<string, void> {
    for (let number = 0; number < this.#length; number++) yield this.at(number)!
  }

  #append(text: string): void {
    if (this.#length === this.#starts.length) {
      const former = this.#starts
      this.#starts = new Uint32Array(2 * former.length)
      this.#starts.set(former)
    }
    this.#starts[this.#length] = this.#nextStart
    this.#latest.push(text)
    this.#nextStart += text.length
    if (this.#latest.length < textsOfPart) return
    this.#parts.push(this.#latest.join(''))
    this.#latest = []
    this.#nextStart = 0
  }

  #slotsOfAll(min: number): Int32Array {
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(min, 2 * textsOfPart)))).fill(freeSlot)
    for (let number = 0; number < this.#length; number++) slots[this.#slotOf(slots, this.at(number)!)] = number
    return slots
  }

  /** That of a text, or the free one where it belongs. */
  #slotOf(slots: Int32Array, text: string): number {
    const mask = slots.length - 1
    let slot = hashOf(text) & mask
    while (slots[slot] !== freeSlot && this.at(slots[slot]!) !== text) slot = (slot + 1) & mask
    return slot
  }
}

/** FNV-1a over the units of a text (http://www.isthe.com/chongo/tech/comp/fnv), with its high bits in the low ones. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}
