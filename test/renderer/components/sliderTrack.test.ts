import { describe, expect, it } from 'vitest'
import { lastPosition, positionOf, valueAt, type SliderTrack } from '../../../src/renderer/components/sliderTrack.ts'

const ratio: SliderTrack = { min: 1, max: 300, scale: 'log', isWhole: false }
const samples: SliderTrack = { min: 20, max: 400, scale: 'linear', isWhole: true }
const decay: SliderTrack = { min: 1e-4, max: 1, scale: 'logOrZero', isWhole: false }
const noise: SliderTrack = { min: 0, max: 1, scale: 'linear', isWhole: false }

describe.each([ratio, samples, decay, noise])('a slider from $min to $max, $scale', (slider) => {
  const positions = Array.from({ length: lastPosition(slider) + 1 }, (_, position) => position)
  const values = positions.map((position) => valueAt(slider, position))

  it('goes from its least, or zero, to its most, always upward', () => {
    expect(values[0]).toBe(slider.scale === 'logOrZero' ? 0 : slider.min)
    expect(values.at(-1)).toBe(slider.max)
    expect(values.every((value, at) => at === 0 || value > values[at - 1]!)).toBe(true)
  })

  it('stands where its value is, and at its ends for values beyond', () => {
    expect(values.map((value) => positionOf(slider, value))).toEqual(positions)
    expect(positionOf(slider, 10 * slider.max)).toBe(positions.at(-1))
  })
})

it('counts what is counted, and has three digits of what is measured', () => {
  expect(valueAt(samples, 1)).toBe(21)
  expect(valueAt(ratio, 120)).toBe(30.6)
  expect([valueAt(decay, 0), valueAt(decay, 1)]).toEqual([0, 1e-4])
  expect(positionOf(decay, 1e-9)).toBe(1)
})
