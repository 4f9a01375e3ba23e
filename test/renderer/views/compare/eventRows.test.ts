import { describe, expect, it } from 'vitest'
import { eventColumns, summarizeEvents } from '../../../../src/renderer/views/compare/eventRows.ts'
import { eventsCsv } from '../../../../src/renderer/views/compare/eventsCsv.ts'
import { eventsOfFigure6, runSummary } from '../../../support/runSummary.ts'

describe('events of several runs', () => {
  it('are summed up over all, or not at all', () => {
    const whole = summarizeEvents([4, 2, 9, 5])
    const { mean, deviation, median, ...rest } = whole
    expect(rest).toEqual({ reached: 4, of: 4, min: 2, max: 9 })
    expect(summarizeEvents([4, null, 2, 9, null, 5])).toEqual({
      ...whole,
      ...{ of: 6, mean: NaN, deviation: NaN, median: NaN },
    })
    expect([mean, median]).toEqual([5, 4.5])
    expect(deviation ** 2).toBeCloseTo((1 + 9 + 16 + 0) / 3, 12)
  })

  it('have no mean where none reached them, and no deviation of one', () => {
    expect(summarizeEvents([null, null])).toMatchObject({ reached: 0, of: 2, mean: NaN, median: NaN, min: NaN })
    expect(summarizeEvents([3])).toMatchObject({ mean: 3, median: 3, deviation: NaN })
  })

  it('count the delay from memorizing to grokking, where both came', () => {
    const delay = eventColumns.at(-1)!
    expect(
      delay.step(runSummary({ events: { ...eventsOfFigure6, memorized: { step: 200, tau: 0.2, value: 1 } } })),
    ).toBe(2100)
    expect(delay.tau(runSummary({ events: { generalized: { step: 2300, tau: 2.3, value: 1 } } }))).toBeNull()
  })

  it('are written one line for each run, empty where they did not come', () => {
    const runs = [
      runSummary({
        id: 'a',
        name: 'one, "two"',
        events: { memorized: eventsOfFigure6.memorized!, halfRise: eventsOfFigure6.halfRise! },
      }),
      runSummary({ id: 'b', name: 'b' }),
    ]
    const lines = new TextDecoder().decode(eventsCsv(runs)).trimEnd().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toBe('a,"one, ""two""",finished,0,0,1700,1.7,,,,')
    expect(lines[2]!.split(',')).toHaveLength(lines[0]!.match(/("[^"]*"|[^,]+)/g)!.length)
  })
})
