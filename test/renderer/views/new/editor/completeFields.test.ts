import { CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { completeFields } from '../../../../../src/renderer/views/new/editor/completeFields.ts'
import { experimentFields, fieldsOfSweep } from '../../../../../src/renderer/views/new/editor/editorFields.ts'
import { rangeOf } from '../../../../../src/renderer/views/new/editor/jsonTree.ts'

function stateOf(doc: string): EditorState {
  return EditorState.create({ doc, extensions: [json()] })
}

/** What is offered at the `|` of a text. */
function offered(text: string, known = experimentFields): string[] {
  const pos = text.indexOf('|')
  const state = stateOf(text.replace('|', ''))
  const result = completeFields(known)(new CompletionContext(state, pos, true))
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
    const seeds = Array.from({ length: 30_000 }, (_, seed) => seed).join(', ')
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
    const labelAt = (path: string) => experimentFields.fieldAt(path, stateOf(''))?.words.label
    expect(labelAt('dynamics.optimizer')).toBe('optimizer')
    expect(labelAt('interventions.1.factor')).toBe('factor')
    expect(labelAt('nothing')).toBeUndefined()
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

describe('the editor of a sweep', () => {
  const inSweep = (text: string) => offered(text, fieldsOfSweep)

  it('offers the parts of a sweep, and in its base what an experiment has', () => {
    expect(inSweep('{ "name": "x", | }')).toEqual(['base', 'axes', 'seeds', 'map'])
    const base = inSweep('{ "base": { "task": {}, | } }')
    expect(base).toEqual(expect.arrayContaining(['network', 'dynamics', 'record']))
    for (const other of ['task', 'name', 'seeds', 'study']) expect(base).not.toContain(other)
    expect(inSweep('{ "base": { "dynamics": { "kind": "training", "| } } }')).toContain('weightDecay')
    expect(inSweep('{ "base": { "network": { "activation": "|" } } }')).toContain('tanh')
  })

  it('offers an axis what its kind has', () => {
    expect(inSweep('{ "axes": [{ | }] }')).toEqual(
      expect.arrayContaining(['field', 'values', 'from', 'to', 'count', 'fields', 'sample', 'over']),
    )
    expect(inSweep('{ "axes": [{ "field": "task.modulus", "from": 7, | }] }')).toEqual([
      'to',
      'scale',
      'whole',
      'count',
    ])
    expect(inSweep('{ "axes": [{ "field": "task.modulus", "values": [], | }] }')).toEqual([])
    expect(inSweep('{ "axes": [{ "sample": "sobol", | }] }')).toEqual(['count', 'over'])
    expect(inSweep('{ "axes": [{ "over": [{ "field": "x", | }], "sample": "|" }] }'.replace(', | ', ''))).toEqual([
      'sobol',
      'random',
    ])
  })

  it('offers the fields that an axis may set, and as its values those of the field', () => {
    for (const text of [
      '{ "axes": [{ "field": "|" }] }',
      '{ "axes": [{ "fields": ["|"] }] }',
      '{ "map": { "x": "|" } }',
    ]) {
      const fields = inSweep(text)
      expect(fields).toEqual(
        expect.arrayContaining(['dynamics.weightDecay', 'dynamics.optimizer', 'initialization.path']),
      )
      for (const never of ['name', 'seeds', 'task.path', 'task.content.hash']) expect(fields).not.toContain(never)
    }
    expect(inSweep('{ "axes": [{ "field": "network.activation", "values": ["relu", "|"] }] }')).toContain('tanh')
    const paired = '{ "axes": [{ "fields": ["task.modulus", "dynamics.optimizer"], "values": [[7, "|"]] }] }'
    expect(inSweep(paired)).toContain('adamw')
    expect(inSweep('{ "map": { "color": "|" } }')).toContain('tau_grok')
  })

  it('has a word for every field of a sweep', () => {
    for (const path of [
      'axes.0.from',
      'axes.1.over.0.to',
      'axes.0.fields',
      'base.task',
      'base.dynamics.steps',
      'map.x',
      'seeds',
    ]) {
      expect([path, fieldsOfSweep.fieldAt(path, stateOf('{}'))?.words.help]).toEqual([
        path,
        expect.stringMatching(/\w/),
      ])
    }
  })
})
