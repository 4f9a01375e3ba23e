import { describe, expect, it } from 'vitest'
import { fitNames, fitText, printFace, textWidth, wrapText } from '../../../src/shared/charts/textWidth.ts'

const texts = [
  'share of the displacement of training that is left',
  'cosine with −$P_T θ$ and $‖E_W‖^2 + 1$',
  'λ = 0.1',
  'unbreakablelongword',
  '',
]

describe('words in a room', () => {
  it('are as wide as their letters, whatever the marks of symbols, in proportion to the size', () => {
    for (const text of texts) expect(textWidth(text, 20)).toBeCloseTo(2 * textWidth(text, 10), 9)
    expect(textWidth('a$b$c_d', 10)).toBeCloseTo(
      ['a', 'b', 'c', 'd'].reduce((sum, c) => sum + textWidth(c, 10), 0),
      9,
    )
    expect(textWidth('mmm', 10)).toBeGreaterThan(textWidth('iii', 10))
  })

  it.each(texts)('wrap %j without losing any, symbols whole, no line wider than the room but by one word', (text) => {
    for (const room of [20, 60, 90, 400]) {
      const lines = wrapText(text, 9, room)
      expect(lines.join(' ')).toBe(text)
      for (const line of lines) {
        expect(line.match(/\$/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0)
        const words = line.replaceAll(/\$[^$]*\$/g, 'symbol').split(' ')
        if (words.length > 1) expect(textWidth(line, 9)).toBeLessThanOrEqual(room)
      }
    }
  })

  it.each(texts)('are cut to fit: %j', (text) => {
    for (const room of [20, 60, 90, 400]) {
      const fitted = fitText(text, printFace(9), room)
      expect(textWidth(fitted, 9)).toBeLessThanOrEqual(room)
      expect(fitted === text).toBe(textWidth(text, 9) <= room)
    }
  })

  it('leave out what they begin with alike, where their beginnings would not tell them apart', () => {
    const fit = (names: string[], room: number) => fitNames(names, printFace(9), room)
    const tasks = ['modular addition', 'modular subtraction', 'modular division']
    expect(fit(tasks, 100)).toEqual(tasks)
    expect(fit(tasks, 60)).toEqual(['modular ad…', 'modular su…', 'modular div…'])
    expect(fit(tasks, 40)).toEqual(['…addit…', '…subt…', '…divis…'])
    expect(fit(['modularSubtraction', 'modularSum'], 40)).toEqual(['…Subt…', '…Sum'])
    expect(fit(['long/way/data1.npz', 'long/way/data2.npz', 'b'], 60)).toEqual(['…data1.npz', '…data2.npz', 'b'])
    const seeds = ['ein langer Name ohne Ende, seed 0', 'ein langer Name ohne Ende, seed 1']
    expect(fit(seeds, 90)).toEqual(['ein langer N…seed 0', 'ein langer N…seed 1'])
    expect(fit(['模加法的延迟泛化实验在学习率, seed 0', '模加法的延迟泛化实验在学习率, seed 1'], 90)).toEqual([
      '模加法的延…seed 0',
      '模加法的延…seed 1',
    ])
    for (const room of [5, 20, 60])
      for (const name of fit([...tasks, 'unbreakablelongword'], room))
        expect(name.length === 2 || textWidth(name, 9) <= room).toBe(true)
  })
})
