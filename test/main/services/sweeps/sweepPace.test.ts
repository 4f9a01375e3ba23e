import { expect, it } from 'vitest'
import { nextPace, secondsLeft, type SweepPace } from '../../../../src/main/services/sweeps/sweepPace.ts'

interface Look {
  time: number
  ended: number
  /** By its journals, each of which grows with the runs that end where nothing else is said. */
  grown?: number
  isComputing?: boolean
}

/** What is left of 100 runs at each look. */
function leftAt(looks: readonly Look[]): (number | null)[] {
  let pace: SweepPace | undefined
  return looks.map(({ time, ended, grown = ended, isComputing = false }) => {
    pace = nextPace(pace, { time, ended, grown, isComputing })
    return secondsLeft(pace, { time, ended, runs: 100 })
  })
}

const hours = (count: number) => 3600 * count
const minutes = (count: number) => 60 * count

it('what is left follows from how many runs ended since the sweep was first looked at', () => {
  expect(
    leftAt([
      { time: 5, ended: 20 },
      { time: 15, ended: 20 },
      { time: 105, ended: 40 },
      { time: 305, ended: 100 },
    ]),
  ).toEqual([null, null, 300, 0])
})

it('of a sweep that stands still nothing is known, however long, and that time counts for nothing later', () => {
  const looks = [
    ...[0, 5, 10, 15, 20].map((at) => ({ time: minutes(at), ended: at })),
    ...Array.from({ length: 100 }, (_, at) => ({ time: minutes(35 + 5 * at), ended: 20 })),
  ]
  const left = leftAt(looks)
  expect(left.slice(1, 5)).toEqual([95, 90, 85, 80].map(minutes))
  expect(left.slice(5)).toEqual(Array(100).fill(null))
  const resumed = minutes(35 + 5 * 99 + 1)
  const [first, second] = leftAt([
    ...looks,
    { time: resumed, ended: 21 },
    { time: resumed + minutes(9), ended: 30 },
  ]).slice(-2)
  expect(first).toBeLessThan(minutes(79 * 15))
  expect(second).toBeLessThan(minutes(70 * 3))
})

it('a sweep whose journals grow goes on, though none of its runs ends for long', () => {
  const looks = Array.from({ length: 9 }, (_, at) => ({ time: minutes(5 * at), ended: 0, grown: at }))
  expect(leftAt([...looks, { time: minutes(45), ended: 1, grown: 9 }]).at(-1)).toBe(minutes(99 * 45))
})

it('what others computed while nobody looked counts for nothing', () => {
  expect(
    leftAt([
      { time: 0, ended: 0 },
      { time: hours(10), ended: 50 },
      { time: hours(10) + minutes(5), ended: 60 },
    ]),
  ).toEqual([null, null, minutes(20)])
})

it('what this host computes goes on also where nobody looks', () => {
  expect(
    leftAt([
      { time: 0, ended: 0, isComputing: true },
      { time: hours(10), ended: 50, isComputing: true },
    ]),
  ).toEqual([null, hours(10)])
})
