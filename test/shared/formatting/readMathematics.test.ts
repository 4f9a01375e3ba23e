import { describe, expect, it } from 'vitest'
import { mathematicsCommands, readMathematics } from '../../../src/shared/formatting/readMathematics.ts'
import { plainText, setSymbols } from '../../../src/shared/formatting/setSymbols.ts'

describe('mathematics in words', () => {
  it.each([
    ['\\lambda \\to 0', 'λ → 0'],
    ['\\|E\\|^2 of $d_h$ = 512', '‖E‖2 of dh = 512'],
    ['$E_{k,u}$, $x^{−1/2}$', 'Ek,u, x−1/2'],
    ['no mathematics', 'no mathematics'],
    ['C:\\temp and \\unknown', 'C:\\temp and \\unknown'],
  ])('“%s” is read as “%s”', (written, read) => {
    expect(plainText(readMathematics(written))).toBe(read)
  })

  it('sets letters between dollars in italics, digits upright, and what is lowered and raised there', () => {
    const pieces = setSymbols(readMathematics('$2E_k^2$'))
    expect(pieces.map(({ text, italic, level }) => [text, italic, level])).toEqual([
      ['2', false, 'base'],
      ['E', true, 'base'],
      ['k', false, 'below'],
      ['2', false, 'above'],
    ])
  })

  it('knows every command that the help names', () => {
    for (const command of mathematicsCommands) expect(readMathematics(command)).not.toContain('\\')
  })

  it.each(['$', '$$', '_', '^', '\\', '$a', 'a_{', '^{}', '‖'])('keeps “%s”, which is none', (text) => {
    expect(plainText(readMathematics(text))).toBe(text)
  })
})
