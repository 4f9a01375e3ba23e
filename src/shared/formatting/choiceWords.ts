import { formatGiven } from './formatNumber.ts'

/** A value as it is read: a number as it was given, a choice by its words, where it has some. */
export function choiceWords(value: number | string, words: Readonly<Record<string, string>> = {}): string {
  if (typeof value === 'number') return formatGiven(value)
  return Object.hasOwn(words, value) ? words[value]! : value
}
