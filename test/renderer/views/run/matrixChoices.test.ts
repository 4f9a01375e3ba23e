import { expect, it } from 'vitest'
import { beforeOf, type MatrixChoices } from '../../../../src/renderer/views/run/matrixChoices.ts'

it('a matrix is compared with a snapshot of its own run: of another seed’s step with the first', () => {
  const choices: MatrixChoices = { name: 'E', view: 'difference', rows: 'index', columns: 'index', before: 1480 }
  expect(beforeOf(choices, [0, 1480, 5000])).toBe(1480)
  expect(beforeOf(choices, [0, 1520, 5000])).toBe(0)
  expect(beforeOf({ ...choices, before: null }, [3, 9])).toBe(3)
  expect(beforeOf(choices, [])).toBeNull()
})
