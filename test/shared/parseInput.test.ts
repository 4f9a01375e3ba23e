import { describe, expect, it } from 'vitest'
import { requests } from '../../src/shared/contract.ts'
import { longestMessage } from '../../src/shared/errors.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { deepestNesting, maxValues } from '../../src/shared/findUnacceptable.ts'
import { parseInput } from '../../src/shared/parseInput.ts'
import { readJson } from '../../src/shared/readJson.ts'
import { parseSweep } from '../../src/shared/sweep/planSweep.ts'
import { acts, hostileCharacters, hostileText } from '../support/hostileText.ts'
import { refusal } from '../support/refusal.ts'

const valid = {
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.6 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', steps: 10 },
}

function nested(depth: number, wrap: (value: unknown) => unknown = (value) => [value]): unknown {
  let value: unknown = 'core'
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

const large: Record<string, unknown> = {
  'a name of nested lists': { ...valid, name: nested(20_000) },
  'a name of nested objects': { ...valid, name: nested(20_000, (inner) => ({ inner })) },
  'a million unknown fields': Object.fromEntries(Array.from({ length: 1_000_000 }, (_, i) => [`k${i}`, i])),
  'a thousand unknown fields': {
    ...valid,
    ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
  },
  'an unknown field with a long name': { ...valid, ['k'.repeat(100_000)]: 1 },
  'a long name': { ...valid, name: 'x'.repeat(108_000) },
  'many wrong seeds': { ...valid, seeds: Array.from({ length: 150_000 }, () => 'x') },
  'many wrong snapshots': { ...valid, record: { snapshots: Array.from({ length: 150_000 }, () => 'x') } },
  'many wrong interventions': { ...valid, interventions: Array.from({ length: 150_000 }, () => ({})) },
  'a list with a billion places': { ...valid, seeds: new Array(1_000_000_000) },
}

describe('an input that is deeper or larger than any real one', () => {
  it.each(Object.entries(large))('is refused in a short message that names a field: %s', (_, input) => {
    const { code, message, detail } = refusal(() => parseExperiment(input))
    expect(code).toBe('INVALID_SPECIFICATION')
    expect(message.length).toBeLessThanOrEqual(longestMessage + 1)
    expect((detail as unknown[]).length).toBeLessThanOrEqual(100)
    const request = refusal(() =>
      parseInput(
        requests['experiment.submit'],
        { spec: input, bad: input },
        { code: 'INVALID_REQUEST', whole: 'input' },
      ),
    )
    expect(request.code).toBe('INVALID_REQUEST')
    expect(request.message.length).toBeLessThanOrEqual(longestMessage + 1)
  })

  it('is told the field and the limit', () => {
    const { message } = refusal(() => parseExperiment(large['a name of nested lists']))
    expect(message).toMatch(new RegExp(`^name(\\.0)*: is nested deeper than ${deepestNesting} levels$`))
    expect(refusal(() => parseExperiment(large['a million unknown fields'])).message).toContain(String(maxValues))
  })

  it('begins one level below the deepest that is allowed', () => {
    const parse = (depth: number) => refusal(() => parseExperiment({ ...valid, more: nested(depth) })).message
    expect(parse(deepestNesting - 1)).toContain('unknown field')
    expect(parse(deepestNesting)).toContain('nested deeper')
  })

  it.each<[string, (json: string) => unknown, string]>([
    ['a specification', (json) => parseExperiment(JSON.parse(json)), '__proto__'],
    ['the axes of a sweep', (json) => parseSweep({ axes: JSON.parse(json) as unknown }), 'axes.__proto__'],
    [
      'the setting of a request',
      (json) => {
        const door = { code: 'INVALID_REQUEST', whole: 'input' } as const
        return parseInput(requests['paper.explore'], { figure: 'x', setting: JSON.parse(json) as unknown }, door)
      },
      'setting.__proto__',
    ],
  ])('is refused, not lost, where %s has a field that no object keeps', (_, parse, path) => {
    const message = refusal(() => parse('{"a": 1, "__proto__": {"a": 2}}')).message
    expect(message).toBe(`${path}: is not allowed as the name of a field`)
    expect(readJson('{"a": {"b": [{"__proto__": {}}]}}').mistake).toEqual({
      at: 0,
      message: 'a.b.0 …: is not allowed as the name of a field',
    })
  })

  it('may refer to itself, as a structured clone can', () => {
    const input: Record<string, unknown> = { ...valid }
    input['self'] = input
    expect(refusal(() => parseExperiment(input)).message).toContain('nested deeper')
  })

  it('lists problems as many as a message has room for, and counts the others', () => {
    const { message } = refusal(() => parseExperiment(large['a thousand unknown fields']))
    const lines = message.split('\n')
    expect(lines[0]).toBe('k0: unknown field (given 0)')
    const rest = Number(/^… and (\d+) more$/.exec(lines.at(-1)!)?.[1])
    expect(rest + lines.length - 1).toBe(1000)
  })
})

it.each([
  ['', 'setting.: 1 stands under a name that is empty; at least 1 character'],
  ['x'.repeat(61), `setting.${'x'.repeat(61)}: 1 stands under a name that is too long; at most 60 characters`],
])('a name that no field may have is told what it may be: %j', (field, message) => {
  const input = { figure: 'pezeshki2022/ridge', setting: { [field]: 1 } }
  const door = { code: 'INVALID_REQUEST', whole: 'input' } as const
  expect(refusal(() => parseInput(requests['paper.explore'], input, door)).message).toBe(message)
})

describe('names, tags and notes', () => {
  const refused = (name: 'run.rename' | 'run.tag' | 'run.annotate', input: object) =>
    !requests[name].safeParse(
      name === 'run.tag' ? { changes: [{ runIds: ['a'], ...input }] } : { runId: 'a', ...input },
    ).success

  it('hold no character that acts on what shows it', () => {
    for (const text of hostileCharacters) {
      const error = refusal(() => parseExperiment({ ...valid, name: text }))
      expect(error.message).toMatch(/^name: "a.*b" is not allowed: character 2 is U\+[0-9A-F]{4}; control characters/)
      expect(acts(error.message)).toBe(false)
      expect(refused('run.rename', { name: text })).toBe(true)
      expect(refused('run.tag', { add: [text] })).toBe(true)
      expect(refused('run.annotate', { notes: text, before: hostileText })).toBe(text !== 'a\nb' && text !== 'a\tb')
    }
  })

  it('of an older archive can still be taken off', () => {
    expect(refused('run.tag', { remove: [hostileText] })).toBe(false)
  })

  it('may be in any script', () => {
    for (const text of ['θ → 0', 'Москва', '東京', 'مرحبا', '👩‍🔬']) {
      expect(parseExperiment({ ...valid, name: text }).name).toBe(text)
      expect(refused('run.tag', { add: [text] })).toBe(false)
    }
  })
})

describe('the path of a start', () => {
  const path = (given: string) => () =>
    parseExperiment({ ...valid, initialization: { kind: 'file', path: given } }).initialization

  it.each([
    ['a\0b', /NUL/],
    [`folder/${'x'.repeat(256)}/start.npz`, /at most 255 bytes/],
    [`folder/${'ж'.repeat(128)}.npz`, /at most 255 bytes/],
    ['x/'.repeat(2049), /at most 4096 bytes/],
    ['', /at least 1 character/],
  ])('cannot be %j', (given, says) => {
    const error = refusal(path(given))
    expect(error.code).toBe('INVALID_SPECIFICATION')
    expect(error.message).toMatch(/^initialization.path: /)
    expect(error.message).toMatch(says)
  })

  it('may be as long as a file system allows', () => {
    const longest = `${'x'.repeat(255)}/${'ж'.repeat(120)}.npz`
    expect(path(longest)()).toMatchObject({ path: longest })
  })
})

describe('what is said of a value', () => {
  const said = (changes: object) => refusal(() => parseExperiment({ ...valid, ...changes })).message

  it('that is not there is that it is missing, and what belongs there', () => {
    expect(said({ network: {} })).toBe('network.hidden: missing; expected a whole number')
    expect(said({ dynamics: { kind: 'isolated' } })).toMatch(/^dynamics.steps: missing; expected a whole number/)
  })

  it('is true or false where nothing else is', () => {
    const network = { ...valid.network, biases: 'yes' }
    expect(said({ network })).toBe('network.biases: "yes" is not allowed; expected true or false')
  })

  it('beyond two bounds at once is the tighter one', () => {
    expect(said({ seeds: [2 ** 53] })).toBe('seeds.0: 9007199254740992 is too large; allowed: at most 4294967295')
    expect(said({ seeds: [-1e30] })).toBe('seeds.0: -1e+30 is too small; allowed: at least 0')
    expect(said({ seeds: [1e30, -1] })).toBe(
      'seeds.0: 1e+30 is too large; allowed: at most 4294967295\nseeds.1: -1 is too small; allowed: at least 0',
    )
  })

  it('with a decimal comma is that the decimal sign is a point', () => {
    const task = { ...valid.task, trainFraction: '0,7' }
    expect(said({ task })).toBe(
      'task.trainFraction: "0,7" is not allowed; expected a finite number; the decimal sign is a point',
    )
    expect(said({ name: 7, task: { ...valid.task, trainFraction: 'half, or so' } })).not.toContain('decimal')
  })
})
