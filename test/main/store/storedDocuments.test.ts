import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactJson } from '../../../src/main/store/exactJson.ts'
import {
  bytesToIndices,
  indicesToBytes,
  storedExperiment,
  storedObject,
  storedProvenance,
  storedReport,
  storedRunSpec,
  storedScalars,
} from '../../../src/main/store/storedDocuments.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { printable } from '../../../src/shared/printable.ts'
import { provenance, smallSpec } from '../../support/archive.ts'

const unreadable = (message: string | RegExp) =>
  expect.objectContaining({ code: 'ARCHIVE_UNREADABLE', message: expect.stringMatching(message) as string }) as unknown

describe('what is stored as a document', () => {
  it('comes back with every bit of its numbers', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 0, Number.MIN_VALUE))
    const name = fc.string().filter((text) => text !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(name, number), (scalars) => {
        expect(storedScalars(exactJson(scalars), 'x')).toEqual({ ...scalars })
      }),
    )
  })

  it('is a specification as it was, of a run by its seed', () => {
    const spec = smallSpec({ seeds: [4] })
    expect(storedExperiment(JSON.stringify(spec), 'x')).toEqual(spec)
    const run = toRunSpec(spec, 4)
    expect(storedRunSpec(JSON.stringify(run), 'x')).toEqual(run)
  })

  it('is a specification also where its name holds what no name may hold today', () => {
    const named = { ...smallSpec(), name: 'a\u0000b' }
    expect(storedExperiment(JSON.stringify(named), 'x').name).toBe(printable('a\u0000b'))
    expect(() => parseExperiment(named)).toThrow()
  })

  it('is what a run was computed with and reported, or nothing where that is not known', () => {
    const { lossPrecision, tilings, testSeconds, compileSeconds, before, ...needed } = provenance
    for (const each of [provenance, needed, { ...needed, threads: 64 }]) {
      expect(storedProvenance(JSON.stringify(each), 'x')).toEqual(each)
    }
    expect([lossPrecision, tilings, testSeconds, compileSeconds, before]).not.toContain(undefined)
    const report = { accepted: 0, rejected: 3, fieldEvaluations: 12, largestLocalError: 1e-7 }
    expect(storedReport(JSON.stringify(report), 'x')).toEqual(report)
    expect([storedProvenance(null, 'x'), storedReport(null, 'x')]).toEqual([null, null])
  })

  it.each<[string, (json: string) => unknown, string, RegExp]>([
    ['no JSON', (json) => storedObject(json, 'it all'), '{"a":', /^it all is damaged: "\{\\"a\\":" is not JSON$/],
    [
      'JSON that is long',
      (json) => storedObject(json, 'it all'),
      `[${'1'.repeat(99)}`,
      /^it all is damaged: "\[1{39}" is not JSON$/,
    ],
    [
      'a number under a name that no object keeps',
      (json) => storedScalars(json, 'it all'),
      '{"loss":1,"__proto__":"NaN"}',
      /^it all is damaged: .* is not allowed as the name of a field$/,
    ],
    ['a list', (json) => storedObject(json, 'it all'), '[1]', /"\[1\]" is not an object/],
    ['null', (json) => storedObject(json, 'it all'), 'null', /"null" is not an object/],
    ['a number', (json) => storedObject(json, 'it all'), '7', /"7" is not an object/],
    [
      'JSON that is deep',
      (json) => storedObject(json, 'it all'),
      `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
      /^it all is damaged: .* deeper than 32/,
    ],
    [
      'a name that is a number',
      (json) => storedExperiment(json, 'it all'),
      JSON.stringify({ ...smallSpec(), name: 7 }),
      /^the specification of it all is not valid: name/,
    ],
    [
      'a specification that is null',
      (json) => storedExperiment(json, 'it all'),
      'null',
      /^the specification of it all is not valid/,
    ],
    [
      'threads below one',
      (json) => storedProvenance(json, 'it all'),
      JSON.stringify({ ...provenance, threads: 0 }),
      /^it all is damaged: threads/,
    ],
    [
      'seconds below zero',
      (json) => storedProvenance(json, 'it all'),
      JSON.stringify({ ...provenance, testSeconds: -1 }),
      /testSeconds/,
    ],
    [
      'less than no steps',
      (json) => storedReport(json, 'it all'),
      '{"accepted":-1,"rejected":0,"fieldEvaluations":0,"largestLocalError":0}',
      /accepted/,
    ],
    [
      'parts of steps',
      (json) => storedReport(json, 'it all'),
      '{"accepted":0.5,"rejected":0,"fieldEvaluations":0,"largestLocalError":0}',
      /accepted/,
    ],
    [
      'another specification',
      (json) => storedExperiment(json, 'it all'),
      JSON.stringify({ ...smallSpec(), dynamics: { kind: 'sliding' } }),
      /^the specification of it all is not valid: dynamics/,
    ],
  ])('is refused, by name, where it is %s', (_, read, json, message) => {
    expect(() => read(json)).toThrow(unreadable(message))
  })
})

describe('stored indices', () => {
  it('are those that were stored, also of a part of an array', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.nat(3), (indices, skipped) => {
        const part = Int32Array.from([...Array<number>(skipped).fill(7), ...indices]).subarray(skipped)
        expect(bytesToIndices(indicesToBytes(part), 1001, 'x')).toEqual(Int32Array.from(indices))
      }),
    )
  })

  it('are refused where there is no such pair, or half of one', () => {
    const read = (indices: number[], size: number) => () =>
      bytesToIndices(indicesToBytes(Int32Array.from(indices)), size, 'it all')
    expect(read([0, 14], 15)()).toHaveLength(2)
    expect(read([0, 15], 15)).toThrow(unreadable(/^it all is damaged: it holds 15, and there are 15 pairs$/))
    expect(read([-1], 15)).toThrow(unreadable(/it holds -1/))
    expect(() => bytesToIndices(new Uint8Array(6), 15, 'x')).toThrow(
      unreadable(/its 6 bytes are not whole numbers of 4/),
    )
  })
})
