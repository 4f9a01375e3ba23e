import { describe, expect, it } from 'vitest'
import { recordSchedule, type RecordSchedule } from '../../../src/main/lab/recordSchedule.ts'
import { runSpec } from '../../support/runs.ts'

function record(measureEvery: number | 'log', snapshots: 'log' | 'events' | number[]) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'isolated', steps: 1 },
    record: { measureEvery, snapshots },
  }).record
}

/** Every step at which a run that follows the schedule stops. */
function stops(schedule: RecordSchedule, steps: number): number[] {
  const visited = [0]
  while (visited.at(-1)! < steps) visited.push(schedule.nextAfter(visited.at(-1)!))
  return visited
}

const upTo = (steps: number) => Array.from({ length: steps + 1 }, (_, i) => i)

describe.each([
  { snapshots: 'log' as const, measureEvery: 10, marked: [] },
  { snapshots: 'log' as const, measureEvery: 1000, marked: [4, 91] },
  { snapshots: 'events' as const, measureEvery: 7, marked: [] },
  { snapshots: [50, 3, 3, 900], measureEvery: 1, marked: [5] },
  { snapshots: 'events' as const, measureEvery: 'log' as const, marked: [77] },
  { snapshots: 'log' as const, measureEvery: 'log' as const, marked: [] },
])('snapshots $snapshots, measured every $measureEvery, marked $marked', ({ snapshots, measureEvery, marked }) => {
  it.each([1, 2, 10, 100, 523])('stops at all that is recorded and nowhere else (%i steps)', (steps) => {
    const schedule = recordSchedule(record(measureEvery, snapshots), steps, marked)
    const recorded = upTo(steps).filter((step) => schedule.measures(step) || schedule.saves(step))
    expect(stops(schedule, steps)).toEqual(recorded)
    for (const step of [0, steps]) expect([schedule.measures(step), schedule.saves(step)]).toEqual([true, true])
    for (const step of marked) if (step <= steps) expect(schedule.measures(step)).toBe(true)
    if (Array.isArray(snapshots)) {
      for (const step of snapshots) if (step <= steps) expect(schedule.saves(step)).toBe(true)
    }
  })
})

it('spaces the logarithmic snapshots by at most a tenth of a decade, and grows with the logarithm', () => {
  const saved = (steps: number) => {
    const schedule = recordSchedule(record(1_000_000, 'log'), steps)
    return stops(schedule, steps).filter((step) => schedule.saves(step))
  }
  const steps = saved(1_000_000)
  expect(steps.slice(0, 4)).toEqual([0, 1, 2, 3])
  steps.slice(2).forEach((step, i) => expect(step - 1).toBeLessThanOrEqual(10 ** 0.1 * (steps[i + 1]! + 0.5)))
  expect(saved(1_000_000).length - saved(1000).length).toBe(30)
})

it('spaces log-spaced measurements so many to a decade, the same ones however long the run is', () => {
  const measured = (perDecade: number | undefined, steps: number) => {
    const spaced = { ...record('log', []), ...(perDecade === undefined ? {} : { perDecade }) }
    const schedule = recordSchedule(spaced, steps)
    return stops(schedule, steps).filter((step) => schedule.measures(step))
  }
  expect(measured(undefined, 1e6)).toEqual(measured(100, 1e6))
  for (const perDecade of [1, 3, 20, 100, 1000]) {
    const steps = measured(perDecade, 1_000_000)
    expect(steps[0]).toBe(0)
    expect(steps.filter((step) => step > 1e4 && step <= 1e5)).toHaveLength(perDecade)
    steps
      .slice(2)
      .forEach((step, i) => expect(step - 1).toBeLessThanOrEqual(10 ** (1 / perDecade) * (steps[i + 1]! + 0.5)))
    expect(measured(perDecade, 12_345).slice(0, -1)).toEqual(steps.filter((step) => step < 12_345))
  }
})
