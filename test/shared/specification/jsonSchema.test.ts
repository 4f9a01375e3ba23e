import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composedSchema, studiedSchema } from '../../../src/shared/experiment.ts'
import { experimentSchema, parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { specificationSchema, sweepJsonSchema } from '../../../src/shared/specification/jsonSchema.ts'
import { parseSweep } from '../../../src/shared/sweep/planSweep.ts'
import { templates } from '../../../src/shared/specification/templates.ts'

const schema = specificationSchema()
const accepts = new Ajv2020({ allowUnionTypes: true, strict: false }).compile(schema)

/** As a host completes it, that has read the file which the task names. */
function withFoundContent(input: unknown): unknown {
  const { task } = (input ?? {}) as { task?: Record<string, unknown> | null }
  if (task?.['kind'] !== 'dataset') return input
  const hash = '0'.repeat(64)
  const content = { hash, samples: 100, features: 3, targets: 'classes', outputs: 2 }
  return { ...(input as object), task: { trainFraction: 0.5, content, ...task } }
}

/** What each field alone says: fields that do not fit each other are looked at only once all of them are right. */
function parserAccepts(input: unknown): boolean {
  const result = experimentSchema(input).safeParse(withFoundContent(input))
  if (result.success) return true
  return result.error.issues.every(({ code, path }) => code === 'custom' && !ofOneField.has(path.join('.')))
}
/** Fields whose own rules are custom ones. */
const ofOneField = new Set(['name', 'task.path', 'initialization.path', 'seeds', 'task.split.train'])

describe('the JSON schema of a specification', () => {
  it('accepts what the parser accepts, and nothing else', () => {
    let accepted = 0
    fc.assert(
      fc.property(spoiled(instances(schema as Node)), (input) => {
        const said = accepts(input)
        accepted += Number(said)
        expect(parserAccepts(input), JSON.stringify(input)).toBe(said)
      }),
      { numRuns: 3000, seed: 11 },
    )
    // Both kinds have been met.
    expect(accepted).toBeGreaterThan(300)
    expect(accepted).toBeLessThan(2700)
  })

  it.each(Object.entries(templates))(
    'accepts the template %s, which parses and means the same again',
    (_, template) => {
      expect(accepts(template)).toBe(true)
      const spec = parseExperiment(template)
      expect(parseExperiment(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
      expect(accepts(JSON.parse(JSON.stringify(spec)))).toBe(true)
    },
  )

  it('says of a field what it is', () => {
    const [composed, studied] = schema.anyOf as Node[]
    const task = composed!.properties!['task']!.oneOf![0]!
    expect(task.properties!['modulus']).toMatchObject({
      title: 'modulus p',
      type: 'integer',
      minimum: 2,
      maximum: 509,
      description: expect.stringContaining('modulo p') as string,
    })
    expect(Object.keys(composed!.properties!)).toEqual(Object.keys(composedSchema.shape))
    expect(Object.keys(studied!.properties!)).toEqual(Object.keys(studiedSchema.shape))
  })
})

interface Node {
  type?: string
  const?: unknown
  enum?: unknown[]
  oneOf?: Node[]
  anyOf?: Node[]
  properties?: Record<string, Node>
  required?: string[]
  items?: Node
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
}

/** What a schema describes, bounds and what lies just beyond them included. */
function instances(node: Node): fc.Arbitrary<unknown> {
  if (node.const !== undefined) return fc.constant(node.const)
  if (node.enum) return fc.constantFrom(...node.enum)
  if (node.oneOf) return fc.oneof(...node.oneOf.map(instances))
  if (node.properties) {
    const members = Object.entries(node.properties).map(([name, inner]) => [name, instances(inner)] as const)
    return fc.record(Object.fromEntries(members), { requiredKeys: node.required ?? [] })
  }
  if (node.anyOf) return fc.oneof(...node.anyOf.map(instances))
  if (node.type === 'array') {
    return fc.array(instances(node.items!), { minLength: Math.max(0, (node.minItems ?? 0) - 1), maxLength: 4 })
  }
  if (node.type === 'boolean') return fc.boolean()
  if (node.type === 'integer' || node.type === 'number') return fc.oneof(...numbersFor(node))
  if (node.type === 'boolean') return fc.boolean()
  return fc.string({ maxLength: 6, unit: 'grapheme-ascii' })
}

function numbersFor({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Node): fc.Arbitrary<number>[] {
  const ends = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter(
    (end) => end !== undefined && Math.abs(end) < Number.MAX_SAFE_INTEGER,
  ) as number[]
  const step = type === 'integer' ? 1 : 1e-3
  const near = ends.flatMap((end) => [end - step, end, end + step])
  const [low, high] = [minimum ?? exclusiveMinimum ?? -1e3, Math.min(maximum ?? exclusiveMaximum ?? 1e3, 1e3)]
  const inside =
    type === 'integer'
      ? fc.integer({ min: low, max: Math.max(low, high) })
      : fc.double({ min: low, max: Math.max(low, high), noNaN: true, minExcluded: true, maxExcluded: true })
  return [
    { arbitrary: inside, weight: 30 },
    ...(near.length > 0 ? [{ arbitrary: fc.constantFrom(...near), weight: 1 }] : []),
  ] as never
}

/** Most as they are; the others with one value, somewhere, that belongs elsewhere, left out, or of no known name. */
function spoiled(whole: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const wrong = fc.constantFrom<unknown>(null, '', 'training', 0, -1, 0.5, 1e300, true, [], {}, undefined)
  return fc.tuple(whole, fc.option(fc.tuple(fc.nat(), wrong, fc.boolean()), { freq: 2 })).map(([value, spoil]) => {
    if (!spoil) return value
    const copy = structuredClone(value)
    const places = membersOf(copy)
    const [at, other, isNew] = spoil
    const place = places[at % places.length]!
    if (isNew) place.owner[`${place.name}s`] = other
    else if (other === undefined) delete place.owner[place.name]
    else place.owner[place.name] = other
    return JSON.parse(JSON.stringify(copy)) as unknown
  })
}

function membersOf(value: unknown): { owner: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const owner = value as Record<string, unknown>
  return Object.keys(owner).flatMap((name) => [
    ...(Array.isArray(value) ? [] : [{ owner, name }]),
    ...membersOf(owner[name]),
  ])
}

describe('the JSON schema of a sweep', () => {
  const acceptsSweep = new Ajv2020({ allowUnionTypes: true, strict: false }).compile(sweepJsonSchema())
  const path = join(import.meta.dirname, '../../support/reference/sweepKeys.json')
  const sweeps = JSON.parse(readFileSync(path, 'utf8')) as { about: string; sweep: object }[]

  it.each(sweeps.map(({ about, sweep }) => [about, sweep] as const))(
    'accepts what the parser accepts: %s',
    (_, sweep) => {
      expect(() => parseSweep(sweep)).not.toThrow()
      expect(acceptsSweep(sweep)).toBe(true)
    },
  )

  const { sweep } = sweeps[0]!
  it.each([
    ['no axes', { ...sweep, axes: [] }],
    ['a range without an end', { ...sweep, axes: [{ field: 'dynamics.weightDecay', from: 1, count: 3 }] }],
    ['an unknown sample', { ...sweep, axes: [{ sample: 'grid', count: 3, over: [] }] }],
    ['an unknown field', { ...sweep, colour: 'red' }],
    ['no base', { axes: [{ field: 'dynamics.weightDecay', values: [1] }] }],
  ])('refuses what the parser refuses: %s', (_, wrong) => {
    expect(() => parseSweep(wrong)).toThrow()
    expect(acceptsSweep(wrong)).toBe(false)
  })
})
