import { describe, expect, it } from 'vitest'
import { printable, printableJson, printableLines } from '../../src/shared/printable.ts'
import { acts, hostileCharacters, hostileText } from '../support/hostileText.ts'

describe('what is printed', () => {
  it('has U+FFFD for every character that acts on what shows it, and is as long as before', () => {
    for (const text of hostileCharacters) expect(printable(text)).toBe('a\ufffdb')
    expect(printable(hostileText)).toHaveLength(hostileText.length)
  })

  it('is left alone where it only says something', () => {
    const words = 'paper, figure 6 – θ̇ = −∇L, ‖E‖² → 0, Москва, 東京, مرحبا, 👩‍🔬, a\u00a0b'
    expect(printable(words)).toBe(words)
  })

  it('keeps the line breaks of a text of several lines', () => {
    expect(printableLines('one\ntwo\u001b[2J\n')).toBe('one\ntwo\ufffd[2J\n')
  })

  it('is JSON that says the same, with such characters escaped', () => {
    const value = { [hostileText]: [...hostileCharacters, 'Москва'], list: [1, null] }
    for (const indent of [undefined, 2]) {
      const json = printableJson(value, indent)
      expect(JSON.parse(json)).toEqual(value)
      expect(acts(json)).toBe(false)
    }
  })
})
