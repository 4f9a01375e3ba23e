import { deepestNesting } from '../../../shared/findExcess.ts'

/** Where a value stands in a JSON text: lines from 0, both ends included. */
export interface JsonPlace {
  from: number
  to: number
}

export interface JsonMistake {
  line: number
  message: string
}

/** The place of every value by its path (`dynamics.integrator.stepSize`), up to the first mistake, and that mistake. */
export function jsonPlaces(text: string): { places: Map<string, JsonPlace>; mistake: JsonMistake | null } {
  const reader = new Reader(text)
  try {
    reader.value('')
    reader.end()
    return { places: reader.places, mistake: null }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { places: reader.places, mistake: { line: reader.line, message: error.message } }
  }
}

class Stop extends Error {}

class Reader {
  readonly places = new Map<string, JsonPlace>()
  line = 0
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  value(path: string): void {
    this.#space()
    const from = this.line
    const next = this.#text[this.#at]
    if (next === '{') this.#members(path, '}')
    else if (next === '[') this.#members(path, ']')
    else if (next === '"') this.#string('a text')
    else this.#word()
    if (path !== '') this.places.set(path, { from, to: this.line })
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw new Stop(`nothing may follow; found ${this.#found()}`)
  }

  #members(path: string, close: '}' | ']'): void {
    if (this.#depth === deepestNesting) throw new Stop(`nothing may be nested deeper than ${deepestNesting} levels`)
    this.#depth += 1
    this.#at += 1
    this.#entries(path, close)
    this.#depth -= 1
  }

  #entries(path: string, close: '}' | ']'): void {
    this.#space()
    if (this.#take(close)) return
    for (let index = 0; ; index++) {
      this.#space()
      let key = String(index)
      if (close === '}') {
        key = this.#string('the name of a field, in quotes,')
        this.#space()
        if (!this.#take(':')) throw new Stop(`a colon belongs after "${key}"; found ${this.#found()}`)
      }
      this.value(path === '' ? key : `${path}.${key}`)
      this.#space()
      if (this.#take(close)) return
      if (!this.#take(',')) throw new Stop(`a comma or ${close} belongs here; found ${this.#found()}`)
    }
  }

  #string(what: string): string {
    const match = /^"(?:[^"\\\n]|\\.)*"/.exec(this.#text.slice(this.#at))
    if (!match) throw new Stop(`${what} belongs here; found ${this.#found()}`)
    this.#at += match[0].length
    return match[0].slice(1, -1)
  }

  #word(): void {
    const match = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|true|false|null)(?![\w.])/.exec(this.#text.slice(this.#at))
    if (!match) throw new Stop(`a value belongs here; found ${this.#found()}`)
    this.#at += match[0].length
  }

  #space(): void {
    for (; /\s/.test(this.#text[this.#at] ?? ''); this.#at++) if (this.#text[this.#at] === '\n') this.line += 1
  }

  #take(character: string): boolean {
    const isThere = this.#text[this.#at] === character
    if (isThere) this.#at += 1
    return isThere
  }

  #found(): string {
    const word = /^\S{1,12}/.exec(this.#text.slice(this.#at))?.[0]
    return word === undefined ? 'the end' : JSON.stringify(word)
  }
}
