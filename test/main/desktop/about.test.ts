import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aboutText, commandLineIn } from '../../../src/main/desktop/about.ts'

describe('what is told of a copy of the program', () => {
  it('is which Chromium it holds, that nothing updates it, and where things lie', () => {
    const versions = { electron: '45.4.1', chrome: '152.0.1', node: '24.1.0' }
    const { detail } = aboutText({
      versions,
      archivePath: '/a.grokscope',
      logFile: undefined,
      commandLine: 'grokscope',
    })
    expect(detail).toMatch(/Electron 45\.4\.1, Chromium 152\.0\.1, Node 24\.1\.0/)
    expect(detail).toMatch(/Archive: \/a\.grokscope\n/)
    expect(detail).toMatch(/Log: none/)
    expect(detail).toMatch(/does not update itself/)
  })

  it('is how its command line is called', () => {
    const resources = join('/opt', 'Grokscope', 'resources')
    const bin = join(resources, 'terminal', 'bin')
    const mounted = { APPDIR: join('/opt', 'Grokscope'), APPIMAGE: '/home/me/G.AppImage' }
    expect(commandLineIn(resources, 'linux', {})).toBe(join(bin, 'grokscope'))
    expect(commandLineIn(resources, 'win32', {})).toBe(join(bin, 'grokscope.cmd'))
    expect(commandLineIn(resources, 'linux', mounted)).toBe('/home/me/G.AppImage')
    // Started from the terminal of another program's AppImage.
    expect(commandLineIn(resources, 'linux', { ...mounted, APPDIR: '/tmp/.mount_other' })).toBe(join(bin, 'grokscope'))
  })
})
