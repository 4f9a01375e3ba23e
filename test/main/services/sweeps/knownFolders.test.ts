import { join } from 'node:path'
import { expect, it } from 'vitest'
import { knownFolders } from '../../../../src/main/services/sweeps/knownFolders.ts'
import { openArchive } from '../../../../src/main/store/archive.ts'
import { temporaryFolder } from '../../../support/folders.ts'

it('a reader of an archive knows the sweeps that its writer lists by now, each as one and the same', () => {
  const path = join(temporaryFolder(), 'a.grokscope')
  const writer = openArchive(path)
  writer.sweeps.set({ path: '/first', computes: false })
  const reader = openArchive(path, { readOnly: true })
  const folders = knownFolders(reader)
  const paths = () => folders.all().map((entry) => entry.path)
  const [first] = folders.all()
  expect(paths()).toEqual(['/first'])
  writer.sweeps.set({ path: '/second', computes: true })
  expect(paths()).toEqual(['/first', '/second'])
  expect(folders.find(first!.id)).toBe(first)
  writer.sweeps.forget('/first')
  expect(() => folders.find(first!.id)).toThrow('there is no sweep')
  expect(paths()).toEqual(['/second'])
  reader.close()
  writer.close()
  // What cannot be read now is as it was known.
  expect(paths()).toEqual(['/second'])
})
