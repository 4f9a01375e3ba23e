import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../src/shared/printable.ts'
import { shellQuoted } from '../../src/shared/shellQuoted.ts'

describe('a word of a shell', () => {
  it.skipIf(process.platform === 'win32')('is read as the text that it was, whatever is in it', () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', minLength: 1 }), { numRuns: 300, seed: 9 })
    const given = ['a b', '$HOME', '`id`', "it's", '"q"', '~/sweep', 'ü,é', '!!', 'a\\b', 'a;b', '*', ...texts]
      .map((text) => text.replaceAll('\0', ''))
      .filter((text) => text.isWellFormed() && text.length > 0)
    const command = `printf '%s\\0' ${given.map(shellQuoted).join(' ')}`
    expect(spawnSync('bash', ['-c', command], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1)).toEqual(given)
  })

  it.skipIf(process.platform === 'win32')('has nothing in it that a terminal would act upon', () => {
    const given = ['two\nlines', "it's\ta tab!!", '\u001b[31m\\', 'a\u202eb', 'ü\u0085名👩‍🔬\n']
    const words = given.map(shellQuoted)
    expect(words.map(printable)).toEqual(words)
    const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' })
    expect(stdout.split('\0').slice(0, -1)).toEqual(given)
  })

  it('stands as it is where a shell reads it so', () => {
    expect(['sweep', '/tmp/a-b_c.json', 'k7x2'].map(shellQuoted)).toEqual(['sweep', '/tmp/a-b_c.json', 'k7x2'])
    expect(shellQuoted('a "b" ü')).toBe(`'a "b" ü'`)
  })
})
