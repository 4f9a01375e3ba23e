import { expect, it } from 'vitest'
import { ticksAcross } from '../../../src/renderer/charts/axisTicks.ts'
import { screenWidth } from '../../../src/renderer/charts/screenText.ts'
import { createScale } from '../../../src/shared/charts/scale.ts'
import { ticksOf } from '../../../src/shared/figures/drawAxes.ts'
import type { AxesLayout } from '../../../src/shared/figures/printStyle.ts'
import type { Axis } from '../../../src/shared/panel.ts'
import { textWidth } from '../../../src/shared/charts/textWidth.ts'

const chosen = [500, 12_000, 14_000, 50_000, 87_000, 99_000, 100_000]
const axis: Axis = { label: 'p', scale: 'linear', chosen }
const scale = (width: number) => createScale('linear', [0, 100_000], [0, width])
const smallSize = 7

/** What a figure draws, the unit of whose layout is not its point. */
function ticksInPrint(width: number) {
  const unit = 2
  const area = { left: 0, right: unit * width, top: 0, bottom: 100 }
  const lines = { x: scale(unit * width), y: createScale('linear', [0, 1], [100, 0]), area }
  const panel = { x: axis, y: { label: '', scale: 'linear' } }
  return ticksOf({ panel, lines, unit, style: { smallSize } } as unknown as AxesLayout).across
}

it.each([
  {
    where: 'screen',
    ticksIn: (width: number) => ticksAcross(scale(width), axis),
    widthOf: (words: string) => screenWidth(words),
  },
  { where: 'paper', ticksIn: ticksInPrint, widthOf: (words: string) => textWidth(words, smallSize) },
])(
  'chosen values across are labeled where labels stand clear, first and last before others, else marked: on $where',
  ({ ticksIn, widthOf }) => {
    for (let width = 80; width <= 700; width += 31) {
      const { major, minor } = ticksIn(width)
      const [first, last] = [major[0]!, major.at(-1)!]
      expect([first.at, last.at]).toEqual([500, 100_000])
      expect([...major.map(({ at }) => at), ...minor].sort((a, b) => a - b)).toEqual(chosen)
      for (const [place, { at, label }] of major.slice(1).entries()) {
        const before = major[place]!
        const apart = scale(width).at(at) - scale(width).at(before.at)
        expect(apart).toBeGreaterThan((widthOf(label) + widthOf(before.label)) / 2)
      }
    }
    expect(ticksIn(700).major.length).toBeGreaterThan(3)
  },
)
