import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { makeTemporaryFolder } from '../../../src/main/files/temporaryFolder.ts'
import { temporaryFolder } from '../../support/folders.ts'

afterEach(() => vi.unstubAllEnvs())

it('a temporary folder is made where the system keeps them, and where it cannot be, the place is named', () => {
  const place = temporaryFolder()
  vi.stubEnv('TMPDIR', place)
  makeTemporaryFolder()
  expect(readdirSync(place)).toHaveLength(1)
  const file = join(place, 'file')
  writeFileSync(file, '')
  for (const [where, why] of [
    [join(place, 'nowhere'), 'its folder is not there'],
    [file, 'a part of its path is a file'],
  ] as const) {
    vi.stubEnv('TMPDIR', where)
    const message = expect.stringContaining(`${where}, where temporary files go (TMPDIR), cannot be written: ${why}`)
    expect(makeTemporaryFolder).toThrow(expect.objectContaining({ code: 'FILE_UNWRITABLE', message }))
  }
})
