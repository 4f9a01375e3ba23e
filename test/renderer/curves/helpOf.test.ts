import { expect, it } from 'vitest'
import { helpOf } from '../../../src/renderer/curves/helpOf.ts'

it('the help of a chart tells the axis that is drawn: that of the measurement, or another that is chosen', () => {
  expect(helpOf('testAccuracy').text).toMatch(/The axis is linear/)
  expect(helpOf('testAccuracy', 'log').text).toMatch(/The axis is logarithmic/)
  expect(helpOf('trainMse', 'linear').text).toMatch(/The axis is linear/)
})
