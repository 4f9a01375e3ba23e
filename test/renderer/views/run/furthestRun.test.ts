import { expect, it } from 'vitest'
import { furthestRun } from '../../../../src/renderer/views/run/furthestRun.ts'

it('the steps and the time that are told of seeds together are of one of them, of that which has come furthest', () => {
  const slow = { step: 300, seconds: 3600 }
  const far = { step: 500, seconds: 20 }
  for (const runs of [
    [slow, far],
    [far, slow],
  ])
    expect(furthestRun(runs)).toEqual(far)
  expect(furthestRun([far, { step: 500, seconds: 30 }, slow])).toEqual({ step: 500, seconds: 30 })
})
