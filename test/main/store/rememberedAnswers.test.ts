import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RememberedAnswers } from '../../../src/main/store/rememberedAnswers.ts'

it('as many of the latest answers are remembered as fit into the memory, and always the last', () => {
  const question = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), length: fc.nat(60) })
  fc.assert(
    fc.property(fc.array(question), (questions) => {
      const revision = { all: 0, lasting: 0, writtenSince: () => null }
      const remembered = new RememberedAnswers<Uint8Array>(revision, {
        maxBytes: 100,
        bytesOf: ({ byteLength }) => byteLength,
      })
      let model: { key: string; value: Uint8Array }[] = []
      for (const { key, length } of questions) {
        const known = model.find((each) => each.key === key)
        const value = remembered.remember(key, 'all', () => new Uint8Array(length))
        if (known) expect(value).toBe(known.value)
        model = [...model.filter((each) => each !== known), { key, value }]
        const bytes = () => model.reduce((sum, each) => sum + each.value.byteLength, 0)
        while (bytes() > 100 && model.length > 1) model.shift()
        expect(remembered.bytes).toBe(bytes())
      }
    }),
  )
})

it('what is not true any more is not held beside what is read in its place', () => {
  const revision = { all: 0, lasting: 0, writtenSince: () => null }
  const remembered = new RememberedAnswers<Uint8Array>(revision, {
    maxBytes: 100,
    bytesOf: (value) => value.byteLength,
  })
  remembered.remember('a', 'all', () => new Uint8Array(40))
  revision.all += 1
  remembered.remember('a', 'all', () => {
    expect(remembered.bytes).toBe(0)
    return new Uint8Array(50)
  })
  expect(remembered.bytes).toBe(50)
})
