import { CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { completeFields, fieldAt } from '../../../../../src/renderer/views/new/editor/completeFields.ts'
import { rangeOf } from '../../../../../src/renderer/views/new/editor/jsonTree.ts'

function stateOf(doc: string): EditorState {
  return EditorState.create({ doc, extensions: [json()] })
}

/** What is offered at the `|` of a text. */
function offered(text: string): string[] {
  const pos = text.indexOf('|')
  const state = stateOf(text.replace('|', ''))
  const result = completeFields(new CompletionContext(state, pos, true))
  return (result?.options ?? []).map(({ label }) => label.replaceAll('"', ''))
}

describe('what the editor offers', () => {
  it('at a name: the fields of the object that are not there yet', () => {
    expect(offered('{ "task": {}, | }')).toEqual([
      'name',
      'network',
      'initialization',
      'dynamics',
      'interventions',
      'stop',
      'precision',
      'seeds',
      'record',
    ])
  })

  it('at a name: those of the kind that the text says', () => {
    const training = offered('{ "dynamics": { "kind": "training", "steps": 5, "| } }')
    expect(training).toEqual(expect.arrayContaining(['optimizer', 'learningRate', 'weightDecay', 'lossPrecision']))
    for (const other of ['kind', 'steps', 'ridge', 'integrator']) expect(training).not.toContain(other)
    for (const kind of ['euler', 'heun', 'dormandPrince']) {
      expect(offered(`{ "dynamics": { "kind": "isolated", "integrator": { "kind": "${kind}", "| } } }`)).toEqual([
        'stepSize',
        'tolerance',
        'output',
      ])
    }
    expect(offered('{ "dynamics": { "kind": "training", "optimizer": { "kind": "momentum", "| } } }')).toEqual([
      'momentum',
    ])
  })

  it('within a list: those of the entry’s own kind', () => {
    const text = '{ "interventions": [{ "kind": "clampNorm" }, { "kind": "rescale", "| }] }'
    expect(offered(text)).toEqual(['at', 'layer', 'factor'])
  })

  it('also after more text than is parsed at first', () => {
    const seeds = Array.from({ length: 100_000 }, (_, seed) => seed).join(', ')
    expect(offered(`{ "seeds": [${seeds}], "record": { | } }`)).toContain('measureEvery')
  })

  it('at a value: what may stand there', () => {
    expect(offered('{ "network": { "activation": "|" } }')).toEqual([
      'relu',
      'leakyRelu',
      'quadratic',
      'tanh',
      'gelu',
      'identity',
    ])
    expect(offered('{ "dynamics": { "kind": "|" } }')).toContain('zeroLossFlow')
    expect(offered('{ "record": { "measureEvery": |1 } }')).toEqual(['log', '10'])
    expect(offered('{ "record": { "nothing": "|" } }')).toEqual([])
  })
})

describe('what the editor knows of a place', () => {
  it('is the words of the field, in lists and for objects too', () => {
    expect(fieldAt('dynamics.optimizer')?.words.label).toBe('optimizer')
    expect(fieldAt('interventions.1.factor')?.words.label).toBe('factor')
    expect(fieldAt('nothing')).toBeUndefined()
  })

  it('is where a wrong value stands, or the name of the object that it is missing in', () => {
    const text = '{ "task": { "modulus": 1 }, "interventions": [{ "at": -1 }] }'
    const at = (path: string) => {
      const { from, to } = rangeOf(stateOf(text), path)
      return text.slice(from, to)
    }
    expect(at('task.modulus')).toBe('1')
    expect(at('interventions.0.at')).toBe('-1')
    expect(at('task.trainFraction')).toBe('"task"')
    expect(at('dynamics')).not.toBe('')
  })
})
