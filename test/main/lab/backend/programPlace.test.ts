import { join } from 'node:path'
import { expect, it } from 'vitest'
import { programPlace } from '../../../../src/main/lab/backend/programPlace.ts'

it('is a folder, and for what lies in an AppImage the file, wherever it is mounted', () => {
  const [mounted, file] = [join('/tmp', '.mount_Groks1'), '/home/me/Grokscope.AppImage']
  const inside = join(mounted, 'resources/terminal/out/main')
  expect(programPlace(inside, { APPDIR: mounted, APPIMAGE: file })).toBe(file)
  expect(programPlace(inside, {})).toBe(inside)
  // A clone that is used in the terminal of an editor that came as an AppImage.
  expect(programPlace('/home/me/grokscope/src', { APPDIR: mounted, APPIMAGE: '/home/me/Editor.AppImage' })).toBe(
    '/home/me/grokscope/src',
  )
  expect(programPlace(`${mounted}2`, { APPDIR: mounted, APPIMAGE: file })).toBe(`${mounted}2`)
})
