import { expect, it } from 'vitest'
import { rangeWords, valueOfLine } from '../../../src/shared/charts/axisWords.ts'
import { formatCount } from '../../../src/shared/formatting/formatNumber.ts'
import type { ParallelAxis } from '../../../src/shared/panel.ts'

const values = Float64Array.of(0.353553390593, 2, NaN, 20_000)
const measured: ParallelAxis = {
  axis: { label: 't_grok', scale: 'log' },
  ...{ short: 't_grok', values, isBeyond: [false, false, false, true] },
}
const { isBeyond: _never, ...chosen } = { ...measured, isChosen: true }
const named: ParallelAxis = {
  axis: { label: 'activation', scale: 'linear', ticks: ['余弦', 'relu', 'tanh'].map((label, at) => ({ at, label })) },
  ...{ short: 'σ', values: Float64Array.of(0, 2) },
}

it('reads what a line has on an axis: a bound as such, a choice by its name, six digits of what was chosen', () => {
  const read = (each: ParallelAxis) => [...each.values.keys()].map((line) => valueOfLine(each, line))
  expect(read(measured)).toEqual(['0.3536', '2', '–', `> ${formatCount(20_000)}`])
  expect(read(chosen)).toEqual(['0.353553', '2', '–', formatCount(20_000)])
  expect(read(named)).toEqual(['余弦', 'tanh'])
})

it('reads the part of an axis that is looked at', () => {
  const words = (each: ParallelAxis, low: number, high: number) => rangeWords({ ...each, range: [low, high] })
  expect(rangeWords(chosen)).toBe('all')
  expect(words(chosen, 0.353553390593, 1.5000001)).toBe('0.353553 … 1.500')
  expect(words(chosen, 2, 2)).toBe('2')
  expect(words(named, 0.5, 2)).toBe('relu, tanh')
  expect(words(named, 0.2, 0.8)).toBe('none')
})
