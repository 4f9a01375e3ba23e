import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findElectron } from '../../../src/main/launch/findElectron.ts'
import { temporaryFolder } from '../../support/folders.ts'

const display = { DISPLAY: ':0' }

/** A project whose electron package has an installer of this code, and perhaps a binary. */
function project({ installer, binary = false }: { installer?: string; binary?: boolean }): string {
  const root = temporaryFolder()
  const electron = join(root, 'node_modules/electron')
  mkdirSync(join(electron, 'dist'), { recursive: true })
  writeFileSync(join(electron, 'package.json'), '{"version":"0.0.0"}')
  if (installer !== undefined) writeFileSync(join(electron, 'install.js'), installer)
  if (binary) writeFileSync(join(electron, 'dist/electron'), '')
  return root
}

describe('findElectron', () => {
  it('takes the binary that is there, and installs none', async () => {
    const root = project({ binary: true, installer: 'process.exit(9)' })
    expect(await findElectron(root, display, 'linux')).toEqual({
      path: join(root, 'node_modules/electron/dist/electron'),
    })
  })

  it('takes the folder that the environment names, and no other', async () => {
    const folder = temporaryFolder()
    const environment = { ...display, ELECTRON_OVERRIDE_DIST_PATH: folder }
    const root = project({ binary: true })
    expect(await findElectron(root, environment, 'linux')).toEqual({ reason: expect.stringContaining(folder) })
    writeFileSync(join(folder, 'electron'), '')
    expect(await findElectron(root, environment, 'linux')).toEqual({ path: join(folder, 'electron') })
  })

  it('does not download what no display could show', async () => {
    const root = project({ installer: 'process.exit(9)' })
    expect(await findElectron(root, {}, 'linux')).toEqual({ reason: expect.stringContaining('DISPLAY') })
  })

  it('downloads where it must, and says in one line why it could not', async () => {
    const failing = project({ installer: 'console.error("TypeError: fetch failed\\n  at somewhere"); process.exit(1)' })
    expect(await findElectron(failing, display, 'linux')).toEqual({
      reason: "Electron's binary cannot be downloaded: TypeError: fetch failed",
    })
    const working = project({ installer: '' })
    expect(await findElectron(working, display, 'linux')).toMatchObject({ path: expect.any(String) })
    expect(await findElectron(project({}), display, 'linux')).toMatchObject({ reason: expect.any(String) })
  })
})
