import { describe, expect, it } from 'vitest'
import { modularAddition } from '../../../support/modularAddition.ts'

describe.each([2, 3, 11, 37])('addition mod %i', (p) => {
  const { size, inputs, outputs, tokens, classes } = modularAddition(p)
  const pairs = Array.from({ length: size }, (_, i) => [tokens[2 * i]!, tokens[2 * i + 1]!] as const)

  it('has every unordered pair once, in the order of the upper triangle', () => {
    expect([size, inputs, outputs, tokens.length]).toEqual([(p * (p + 1)) / 2, p, p, 2 * size])
    for (const [a, b] of pairs) expect(0 <= a && a <= b && b < p).toBe(true)
    const rank = pairs.map(([a, b]) => a * p + b)
    rank.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(rank[i]!))
  })

  it('has the class a + b mod p, each class about equally often', () => {
    pairs.forEach(([a, b], i) => expect((classes[i]! - a - b) % p).toBeCloseTo(0, 15))
    const counts = Array.from({ length: p }, (_, c) => classes.filter((other) => other === c).length)
    // For odd p every class has (p + 1)/2 pairs; for p = 2 they are 0, 0 and 1.
    expect(counts).toEqual(p === 2 ? [2, 1] : counts.map(() => (p + 1) / 2))
  })
})
