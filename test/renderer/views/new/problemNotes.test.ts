import { describe, expect, it } from 'vitest'
import { formatSpec } from '../../../../src/shared/specification/formatSpec.ts'
import { jsonPlaces } from '../../../../src/renderer/views/new/jsonPlaces.ts'
import { problemNotes } from '../../../../src/renderer/views/new/problemNotes.ts'
import { problemsOf } from '../../../../src/renderer/views/new/repairs.ts'
import { changed, type Change } from '../../../../src/renderer/views/new/specPaths.ts'

const draft = {
  task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
  network: { hidden: 512 },
  dynamics: { kind: 'isolated', ridge: 0, steps: 100 },
}

describe('notes beside the lines of a specification', () => {
  const cases: [Change, string, string][] = [
    [{ path: 'network.hidden', value: 480 }, '"hidden": 480', 'at least 492'],
    [{ path: 'task.modulus', value: 1 }, '"modulus": 1', 'at least 2'],
    [{ path: 'dynamics.steps', value: undefined }, '"dynamics"', 'steps: expected a whole number'],
    [{ path: 'network.activation', value: 'sin' }, '"activation"', 'one of "relu"'],
    [{ path: 'colour', value: 1 }, '"colour"', 'unknown field'],
  ]
  it.each(cases)('%j', (change, line, note) => {
    const wrong = changed(draft, [change])
    const text = formatSpec(wrong)
    const notes = [...problemNotes(jsonPlaces(text), problemsOf(wrong))]
    expect(notes).toHaveLength(1)
    expect(text.split('\n')[notes[0]![0]]).toContain(line)
    expect(notes[0]![1]).toContain(note)
  })

  it('say of a broken text only where it breaks', () => {
    const notes = problemNotes(jsonPlaces('{\n "a": ,\n}'), problemsOf(changed(draft, [cases[0]![0]])))
    expect([...notes.keys()]).toEqual([1])
  })
})
