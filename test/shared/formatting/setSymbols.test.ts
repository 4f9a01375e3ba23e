import { describe, expect, it } from 'vitest'
import { plainText, setSymbols } from '../../../src/shared/formatting/setSymbols.ts'

const italics = (text: string) =>
  setSymbols(text)
    .filter(({ italic }) => italic)
    .map((piece) => piece.text)

describe('setSymbols', () => {
  it('sets marked, Greek and subscripted letters in italics, and plain words not', () => {
    expect(italics('$a$ + $b$ mod 37')).toEqual(['a', 'b'])
    expect(italics('decay time τ, λ → 0')).toEqual(['τ', 'λ'])
    expect(italics('Re F_k, Im F_k')).toEqual(['F', 'F'])
    expect(italics('a share of A pairs')).toEqual([])
  })

  it('lowers and raises', () => {
    expect(setSymbols('F_k^{−1/2}').map(({ text, level }) => [text, level])).toEqual([
      ['F', 'base'],
      ['k', 'below'],
      ['−1/2', 'above'],
    ])
  })

  it('leaves the bars of a norm upright around its letters', () => {
    expect(italics('‖E‖²')).toEqual(['E'])
    expect(italics('‖P_T ∇L‖/‖∇L‖')).toEqual(['P', 'L', 'L'])
  })

  it.each(['first_layer_without_ridge', 'wd_0', 'run12_b'])('takes the name “%s” for words', (text) => {
    expect(setSymbols(text)).toEqual([{ text, italic: false, level: 'base' }])
  })

  it.each(['d_onehot.npz', '/data/λ_1/$x$_d.npz', 'a_1^2.json'])('takes the file “%s” for words', (file) => {
    expect(setSymbols(file)).toEqual([{ text: file, italic: false, level: 'base' }])
    const among = setSymbols(`${file}: E_k is not there`)
    expect(among[0]).toEqual({ text: file, italic: false, level: 'base' })
    expect(among.some(({ text, level }) => text === 'k' && level === 'below')).toBe(true)
  })

  it.each(['‖E‖² = 507; 6.6 % of entries', 'no symbols at all', 'F_k', 'MSE_test', ''])(
    'loses no word of “%s”',
    (text) => {
      expect(plainText(text)).toBe(text.replace('_', ''))
    },
  )
})
