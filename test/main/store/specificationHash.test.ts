import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/main/store/canonicalJson.ts'
import {
  specificationHash,
  specificationHashes,
  specificationHashOf,
} from '../../../src/main/store/specificationHash.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { specificationFields } from '../../../src/shared/specification/fields.ts'
import { valueAt } from '../../../src/shared/specification/paths.ts'

/** Specifications of the first seed, as somebody wrote them, and their hashes. */
interface Entry {
  about: string
  hash: string
  spec: Record<string, unknown>
}

/** It may only grow, by a line at its end for every kind and field that comes: runs are named by these hashes for ever. */
const text = readFileSync(join(import.meta.dirname, '../../support/reference/specificationHashes.json'), 'utf8')
const table = JSON.parse(text) as Entry[]
const parsed = table.map(({ spec }) => parseExperiment(spec))
const hashOf = (spec: unknown) => {
  const experiment = parseExperiment(spec)
  return specificationHash(toRunSpec(experiment, experiment.seeds[0]!))
}

describe('the hash of a specification', () => {
  it('is of JSON whose keys are in order at every depth, and whose lists keep theirs', () => {
    expect(canonicalJson({ b: null, a: [{ d: 2, c: [3, 1] }] })).toBe('{"a":[{"c":[3,1],"d":2}],"b":null}')
  })

  it.each(table.map(({ about, hash, spec }) => [about, hash, spec] as const))('never changes: %s', (_, hash, spec) => {
    expect(hashOf(spec)).toBe(hash)
  })

  it('has a table from which no line was taken', () => {
    const lines = text
      .trim()
      .replaceAll(/,$/gm, '')
      .split('\n')
      .slice(1, 1 + 113)
    expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(
      'e4cd0369fd6a3d5fe2f7321719289b903f08af892fa0c500498b3cebbb28791b',
    )
  })

  it('has a table with every choice of every field', () => {
    // What is written of a default need not be there once it is read.
    const written = [...parsed, ...table.map(({ spec }) => spec)]
    const lists = parsed.flatMap((spec) => ('study' in spec ? [] : spec.interventions))
    for (const { path, choices } of specificationFields) {
      const [list, entry] = path.split('[].')
      const given =
        entry === undefined ? written.map((spec) => valueAt(spec, list!)) : lists.map((each) => valueAt(each, entry))
      expect([path, choices.filter((choice) => !given.map(String).includes(choice))]).toEqual([path, []])
      expect([path, given.some((value) => value !== undefined)]).toEqual([path, true])
    }
  })

  it('is the same for what means the same alone', () => {
    const without = ({ name: _, seeds: [seed], ...spec }: (typeof parsed)[number]) => {
      // Where a file lies says nothing of what is in it.
      const isOfFile = 'task' in spec && spec.task.kind === 'dataset'
      const isFromFile = 'task' in spec && spec.initialization.kind === 'file' && spec.initialization.hash !== undefined
      return JSON.stringify({
        ...spec,
        ...(isOfFile && { task: { ...spec.task, path: undefined } }),
        ...(isFromFile && { initialization: { ...spec.initialization, path: undefined } }),
        seed,
      })
    }
    const meanings = Map.groupBy(parsed.keys(), (i) => without(parsed[i]!))
    const hashes = [...meanings.values()].map((places) => new Set([...places].map((i) => table[i]!.hash)))
    expect(hashes.filter(({ size }) => size !== 1)).toEqual([])
    expect(new Set(table.map(({ hash }) => hash)).size).toBe(meanings.size)
    expect(meanings.size).toBeLessThan(table.length)
  })

  it('is the same in whatever order the fields are written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...parsed), fc.infiniteStream(fc.boolean()), (spec, coins) => {
        const written = JSON.stringify(spec, (_, value: unknown) => {
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
          const { some = [], others = [] } = Object.groupBy(Object.entries(value), () =>
            coins.next().value ? 'some' : 'others',
          )
          return Object.fromEntries([...others, ...some])
        })
        expect(hashOf(JSON.parse(written))).toBe(hashOf(spec))
      }),
    )
  })

  it('of an experiment is for each of its seeds that of its run, in their order', () => {
    for (const spec of parsed.slice(0, 40)) {
      const seeds = [7, 0, 1]
      const one = seeds.map((seed) => hashOf({ ...spec, seeds: [seed] }))
      expect(specificationHashes({ ...spec, seeds })).toEqual(one)
      expect(new Set(one).size).toBe(3)
    }
  })

  it('is none where a stored specification is not known', () => {
    const spec = toRunSpec(parsed[0]!, 0)
    expect(specificationHashOf(JSON.stringify(spec))).toBe(table[0]!.hash)
    expect(specificationHashOf(JSON.stringify({ ...spec, dynamics: { kind: 'teleport' } }))).toBe(null)
    expect(specificationHashOf('{')).toBe(null)
  })
})
