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
    for (const each of [value].flat()) parameters.append(name, String(each))
  }
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const all = parameters.getAll(name)
      return [name, all.length > 1 ? all : all[0]!]
    }),
  )
}

describe('what is chosen of a map', () => {
  it('is read from its address as it was, beside all else that stands there', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const query = read(addressOf(choice, { runs: 'a,b', tab: 'map', x: 'before' }))
        expect(query).toMatchObject({ runs: 'a,b', tab: 'map' })
        expect(choiceInAddress(query)).toEqual(choice)
      }),
    )
  })

  it('is passed over where it makes no sense', () => {
    const query = { over: 'mode', boundary: 'z', delay: '-1', within: 'soon', at: ['nothing', '=1', null], x: '' }
    expect(choiceInAddress(query)).toEqual({})
  })
})
