import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { openLog } from '../../../src/main/desktop/log.ts'
import { temporaryFolder } from '../../support/folders.ts'

const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
afterEach(() => stderr.mockClear())
const said = () => stderr.mock.calls.map(([text]) => String(text)).join('')

it('lines are kept in a file, each with its time, and told on the terminal', () => {
  const { file, write } = openLog(() => join(temporaryFolder(), 'deep', 'logs'))
  write('first')
  write('second')
  expect(readFileSync(file!, 'utf8')).toMatch(/^\d{4}-\S+Z first\n\d{4}-\S+Z second\n$/)
  expect(said()).toBe('first\nsecond\n')
})

it('a folder that is not available costs the file and nothing else', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  const unknown = () => {
    throw new Error("Failed to get 'logs' path")
  }
  for (const locate of [() => join(file, 'logs'), unknown]) {
    const log = openLog(locate)
    expect(log.file).toBeUndefined()
    log.write('told')
    expect(said()).toMatch(/^there is no log file: .*\ntold\n/)
    stderr.mockClear()
  }
})

it('a file that goes, and a terminal that is gone, stop nobody from writing', () => {
  const folder = join(temporaryFolder(), 'logs')
  const { file, write } = openLog(() => folder)
  rmSync(file!)
  mkdirSync(file!)
  write('told')
  expect(said()).toMatch(/^told\nthe log file does not take this: Error: EISDIR/)
  stderr.mockImplementation(() => {
    throw new Error('EIO')
  })
  write('lost')
  stderr.mockReturnValue(true)
})
