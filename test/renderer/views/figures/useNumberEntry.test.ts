import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { useNumberEntry } from '../../../../src/renderer/views/figures/useNumberEntry.ts'

let scope: EffectScope
const numbers = shallowRef<number[]>([])
let entry: ReturnType<typeof useNumberEntry>
const words = { label: 'Note 1: x', several: false }

beforeEach(() => {
  numbers.value = [0.5]
  words.several = false
  scope = effectScope()
  entry = scope.run(() => useNumberEntry(numbers, () => words))!
})
afterEach(() => scope.stop())

async function write(text: string) {
  entry.written.value = text
  await entry.take()
}

it('what is being written stays where the same numbers are set anew, and goes where others are', async () => {
  entry.written.value = '0.57'
  numbers.value = [0.5]
  await nextTick()
  expect(entry.written.value).toBe('0.57')
  numbers.value = [2]
  await nextTick()
  expect(entry.written.value).toBe('2')
})

it('what is not a number stays to be put right, with the reason, until it is or other numbers are set', async () => {
  await write('half')
  expect([numbers.value, entry.written.value, entry.wrong.value]).toEqual([
    [0.5],
    'half',
    'Note 1: x: “half” is not a number',
  ])
  numbers.value = [0.5]
  await nextTick()
  expect(entry.wrong.value).toContain('half')
  numbers.value = [2]
  await nextTick()
  expect([entry.written.value, entry.wrong.value]).toEqual(['2', ''])
  await write('1, 2')
  expect(entry.wrong.value).toBe('Note 1: x: one number, not 2')
  words.several = true
  await write('1; −2')
  expect([numbers.value, entry.written.value, entry.wrong.value]).toEqual([[1, -2], '1, -2', ''])
})

it('what is entered stands as it was taken, and what was refused as it was', async () => {
  await write(' 1e3 ')
  expect([numbers.value, entry.written.value]).toEqual([[1000], '1000'])
  await write('1000.0')
  expect(entry.written.value).toBe('1000')
  scope.run(() => {
    const always = {
      get value() {
        return [7]
      },
      set value(_: number[]) {},
    }
    entry = useNumberEntry(always as typeof numbers, () => words)
  })
  await write('')
  expect(entry.written.value).toBe('7')
})
