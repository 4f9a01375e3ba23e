import { describe, expect, it } from 'vitest'
import { inFaces, type FaceChoice } from '../../../../src/main/services/figures/printFonts.ts'
import { textWidth } from '../../../../src/shared/charts/textWidth.ts'

const range = (from: string, to: string) => {
  const first = from.codePointAt(0)!
  return Array.from({ length: to.codePointAt(0)! - first + 1 }, (_, k) => String.fromCodePoint(first + k))
}
const scripts = {
  ASCII: range(' ', '~'),
  Latin: range('¡', 'ſ'),
  Greek: [...range('Α', 'Ρ'), ...range('Σ', 'ώ')],
  Cyrillic: range('Ѐ', 'џ'),
  'punctuation and digits of powers': range('‐', '₎').filter((letter) => /[\p{P}\p{S}\p{N}]/u.test(letter)),
  'arrows and operators': range('←', '⋿'),
  'letters of numbers': range('ℂ', '⅏'),
  'East Asian': [...range('ぁ', 'ヿ'), ...range('一', '丿'), ...range('가', '갠'), ...range('！', '～')],
}
const faces: FaceChoice[] = (['sans', 'serif'] as const).flatMap((family) =>
  [false, true].map((italic) => ({ family, bold: false, italic })),
)
/** Of what is rounded in the table of widths. */
const tolerance = 0.0005

/** How wide words are over their size in a face of the program or the system; null where none has them. */
function widthInPrint(words: string, choice: FaceChoice): number | null {
  const missing: string[] = []
  const pieces = inFaces(words, choice, (letter) => missing.push(letter))
  if (missing.length > 0) return null
  return pieces.reduce((sum, { text, font: { font } }) => sum + font.layout(text).advanceWidth / font.unitsPerEm, 0)
}

describe('the room that words are given', () => {
  it.each(Object.entries(scripts))('is as wide as they are in print, or wider: %s', (_, letters) => {
    const tooWide = faces.flatMap((choice) =>
      letters.filter((letter) => {
        const width = widthInPrint(letter, choice)
        return width !== null && width > textWidth(letter, 1) + tolerance
      }),
    )
    expect(tooWide).toEqual([])
  })

  it.each(['minimum of wWmM, test', 'λ = 10⁻⁴, ‖E‖²', '∇L ⊙ θ ≥ ∑ √x', '学習率, 정확도'])('holds %s', (words) => {
    for (const choice of faces) {
      const width = widthInPrint(words, choice)
      if (width !== null) expect(width).toBeLessThanOrEqual(textWidth(words, 1) + tolerance * words.length)
    }
  })

  it('is not much wider than words of everyday', () => {
    const words = 'test accuracy, mean of 5 seeds (95 % interval)'
    const width = widthInPrint(words, { family: 'sans', bold: false, italic: false })!
    expect(textWidth(words, 1) / width).toBeLessThan(1.1)
  })
})
