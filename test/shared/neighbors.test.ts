import { describe, expect, it } from 'vitest'
import { nearestPlace, neighbors, placeAtOrBelow } from '../../src/shared/neighbors.ts'

const steps = [0, 1, 2, 5, 10, 100]

describe('places in an ascending list', () => {
  it('at or below agree with a search from the end', () => {
    for (let value = -2; value < 110; value++) {
      expect(placeAtOrBelow(steps, value)).toBe(steps.findLastIndex((step) => step <= value))
    }
  })

  it('nearest agree with a search of all', () => {
    for (let value = -2; value < 130; value++) {
      const distance = Math.min(...steps.map((step) => Math.abs(step - value)))
      expect(Math.abs(steps[nearestPlace(steps, value)]! - value)).toBe(distance)
    }
    expect(nearestPlace([], 3)).toBe(-1)
  })
})

describe('neighbors', () => {
  it('are those that scrubbing will come to next, nearest first, the value itself not among them', () => {
    expect(neighbors(steps, 5, 2)).toEqual([10, 2, 100, 1])
    expect(neighbors(steps, 0, 2)).toEqual([1, 2])
    expect(neighbors(steps, 100, 1)).toEqual([10])
  })

  it('of a value between two are those two', () => {
    expect(neighbors(steps, 7, 1)).toEqual([10, 5])
    expect(neighbors([], 7, 3)).toEqual([])
  })
})
