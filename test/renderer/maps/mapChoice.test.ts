import fc from 'fast-check'
import type { LocationQuery } from 'vue-router'
import { describe, expect, it } from 'vitest'
import { addressOf, choiceInAddress, type MapChoice } from '../../../src/renderer/maps/mapChoice.ts'
import { mapStatistics } from '../../../src/shared/map/mapOptions.ts'

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
const field = fc.constantFrom('task.trainFraction', 'dynamics.weightDecay', 'network.hidden')
const thresholds = fc.record(
  { delay: fc.integer({ min: 1, max: 1e6 }), within: fc.integer({ min: 1, max: 1e6 }) },
  { requiredKeys: [] },
)
const choices = fc.record(
  {
    x: field,
    y: field,
    color: text,
    statistic: fc.constantFrom(...mapStatistics),
    boundary: fc.constantFrom('x' as const, 'y' as const),
    thresholds: thresholds.filter((each) => Object.keys(each).length > 0),
    at: fc.array(fc.record({ field, value: text }), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<MapChoice>

/** As the router reads an address back. */
function read(query: ReturnType<typeof addressOf>): LocationQuery {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? []].flat()) parameters.append(name, each)
  }
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const all = parameters.getAll(name)
      return [name, all.length > 1 ? all : all[0]!]
    }),
  )
}

describe('what is chosen of a map', () => {
  it('is read from its address as it was', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        expect(choiceInAddress(read(addressOf(choice)))).toEqual(choice)
      }),
    )
  })

  it('says of each of its names whether the address has it, so that nothing of an earlier choice is left', () => {
    expect(Object.keys(addressOf({})).toSorted()).toEqual(
      ['x', 'y', 'color', 'over', 'boundary', 'delay', 'within', 'at'].toSorted(),
    )
    expect(Object.values(addressOf({}))).toEqual(Array(8).fill(undefined))
  })

  it('is read from addresses as they have been written', () => {
    const query = { x: 'a', y: 'b', color: 'phase', over: 'spread', boundary: 'y', delay: '500', at: ['c=1', 'd=x=2'] }
    expect(choiceInAddress(query)).toEqual({
      ...{ x: 'a', y: 'b', color: 'phase', statistic: 'spread', boundary: 'y', thresholds: { delay: 500 } },
      at: [
        { field: 'c', value: '1' },
        { field: 'd', value: 'x=2' },
      ],
    })
  })

  it('is passed over where it makes no sense', () => {
    const query = { over: 'mode', boundary: 'z', delay: '-1', within: 'soon', at: ['nothing', '=1', null], x: '' }
    expect(choiceInAddress(query)).toEqual({})
  })
})
