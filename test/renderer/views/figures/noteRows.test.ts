import { expect, it } from 'vitest'
import { noteRows } from '../../../../src/renderer/views/figures/noteRows.ts'

const [a, b, c] = ['a', 'b', 'c'].map((text) => ({ x: 0, y: 0, text })) as [Note, Note, Note]
type Note = { x: number; y: number; text: string }

it('the row of a note stays its own while it is changed, and others are added and taken out', () => {
  const first = noteRows([a, b], [])
  const [keyOfA, keyOfB] = first.map(({ key }) => key)
  expect(keyOfA).not.toBe(keyOfB)
  const changed = { ...a, x: 3 }
  const edited = noteRows([changed, b], first)
  expect(edited).toEqual([
    { note: changed, key: keyOfA },
    { note: b, key: keyOfB },
  ])
  const added = noteRows([changed, b, c], edited)
  expect(added.map(({ key }) => key).slice(0, 2)).toEqual([keyOfA, keyOfB])
  const left = noteRows([b, c], added)
  expect(left.map(({ key }) => key)).toEqual([keyOfB, added[2]!.key])
  const restored = noteRows([changed, b, c], left).map(({ key }) => key)
  expect(restored.slice(1)).toEqual([keyOfB, added[2]!.key])
  expect(new Set(restored).size).toBe(3)
  expect(new Set(noteRows([b, c], first).map(({ key }) => key)).size).toBe(2)
})
