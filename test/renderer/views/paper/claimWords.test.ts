import { describe, expect, it } from 'vitest'
import { claimWords } from '../../../../src/renderer/views/paper/claimWords.ts'

describe("a claim's numbers", () => {
  it.each([
    ['0.024', '0.024'],
    ['0.50 … 0.98', '0.50–0.98'],
    ['≤ 1.00e-12', '≤ 10⁻¹²'],
    ['3.89e-20 … 4.06e-20', '3.89\u2009×\u200910⁻²⁰–4.06\u2009×\u200910⁻²⁰'],
    ['-0.12 … 1.0', '−0.12–1.0'],
    ['1 ± 0.05', '1 ± 0.05'],
    ['p = 11, seed-2', 'p = 11, seed-2'],
    ['pending', 'pending'],
  ])('%s is read as %s', (text, words) => expect(claimWords(text)).toBe(words))
})
