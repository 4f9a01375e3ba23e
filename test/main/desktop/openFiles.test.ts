import { expect, it, vi } from 'vitest'

vi.mock('electron', () => ({ app: {}, dialog: {}, BrowserWindow: class {} }))
const { archivesAmong } = await import('../../../src/main/desktop/openFiles.ts')

it('finds the archives that a command line names, relative to its folder', () => {
  const argv = [
    '.',
    '--archive=/x.grokscope',
    '-a.grokscope',
    'runs.grokscope',
    '/abs/OLD.GROKSCOPE',
    'a.grokscope.txt',
    '',
  ]
  expect(archivesAmong(argv, '/home/me')).toEqual(['/home/me/runs.grokscope', '/abs/OLD.GROKSCOPE'])
})
