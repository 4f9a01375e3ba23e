import { describe, expect, it } from 'vitest'
import { fitTicks } from '../../../src/shared/charts/fitTicks.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'

const face = printFace(8)
const tasks = ['addition', 'subtraction', 'multiplication', 'division'].map((name) => `modular ${name}`)
const ticksOf = (labels: readonly string[]) => labels.map((label, at) => ({ at, label }))
const fitted = (labels: readonly string[], distance: number) =>
  fitTicks(ticksOf(labels), (at) => at * distance, face, 5).map(({ label }) => label)

describe('names below an axis', () => {
  it('are whole where they find room, and else told apart within it, each of them', () => {
    expect(fitted(tasks, 120)).toEqual(tasks)
    for (const distance of [75, 50, 40]) {
      const names = fitted(tasks, distance)
      for (const name of names) expect(face.widthOf(name)).toBeLessThanOrEqual(distance - 5)
      expect(new Set(names).size).toBe(tasks.length)
    }
  })

  it('stay as they are where a few letters find no room, and numbers always', () => {
    expect(fitted(tasks, 20)).toEqual(tasks)
    const numbers = ['−1 000 000', '−1', '1 000 000', '10⁻³']
    expect(fitted(numbers, 30)).toEqual(numbers)
    // Beside what stands for no value, and beside names.
    expect(fitted(['–', ...numbers], 30)).toEqual(['–', ...numbers])
    expect(fitted(['1 000 000', ...tasks], 40)[0]).toBe('1 000 000')
    expect(fitted(['alone in its room'], 10)).toEqual(['alone in its room'])
  })
})
