import { z } from 'zod'

/** How a field of a specification is spoken of, wherever it is: `help` and `symbol` may be marked for `setSymbols`. */
export interface FieldWords {
  /** In lower case, as it stands within a sentence. */
  label: string
  symbol?: string
  /** One or two sentences. */
  help: string
  /** What its numbers count. */
  unit?: string
  /** Its values in words, where they do not say it themselves. */
  choices?: Readonly<Record<string, string>>
  /** Whether the entries of a list are to differ. */
  isDistinct?: boolean
  /** Whether the program finds it in a file that another field names, and nobody writes it. */
  isFound?: boolean
  /** When a required field may be left out all the same, since something else says it; as it stands after "unless". */
  unless?: string
  /**
   * What holds of an optional field where it is left out, as filters find it: a value that could as well be said, which may
   * depend on the kinds beside it. Without one, nothing does.
   */
  leftOut?: number | string | ((kindAt: (path: string) => string | undefined) => string)
  /** A value to begin with, where none is usual. */
  example?: unknown
  /** Under which names filters ask for it, the first of which is shown; without any it goes by its path. */
  filter?: readonly [string, ...string[]]
}

/** The only place where a field is spoken of: each schema of a field is registered here, where it is declared. */
export const words = z.registry<FieldWords>()
