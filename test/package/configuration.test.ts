import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import { build, Platform, type Configuration } from 'electron-builder'
import { beforeAll, describe, expect, it } from 'vitest'
import { fuses } from '../../resources/packaging/afterPack.ts'
import { temporaryFolder } from '../support/folders.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
/** What packages are made for: `process.platform` and `process.arch`. */
const systems = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64']

describe('the configuration of packages', () => {
  let config: Configuration
  beforeAll(async () => {
    config = await getConfig(root, null, null)
  })

  it('is one that electron-builder understands, of files that are there', async () => {
    await expect(validateConfiguration(config, new DebugLogger(false))).resolves.toBeUndefined()
    const { mac, win, linux, deb, afterPack } = config
    const named = [
      win?.icon,
      mac?.icon,
      linux?.icon,
      deb?.appArmorProfile,
      mac?.entitlements,
      mac?.entitlementsInherit,
      afterPack,
    ]
    expect(named.filter((path) => typeof path !== 'string' || !existsSync(join(root, path)))).toEqual([])
  })

  it('takes native files that exist for every system', () => {
    const sqlite = readdirSync(join(root, 'node_modules/better-sqlite3/prebuilds'))
    const koffi = JSON.parse(read('node_modules/koffi/package.json')) as { optionalDependencies: object }
    const patterns = JSON.stringify(config.files)
    expect(patterns).toContain('/better-sqlite3/{package.json,LICENSE,lib/**,prebuilds/${platform}-${arch}.node}')
    expect(patterns).toContain('/@koromix/koffi-${platform}-${arch}/')
    for (const system of systems) {
      expect(sqlite).toContain(`${system}.node`)
      expect(koffi.optionalDependencies).toHaveProperty([`@koromix/koffi-${system}`])
    }
  })

  it('gives every system a command line with its Node, and its own build of Dawn', () => {
    const own = ['${platform}-${arch}', '${platform}-universal'].map((system) => `dist/${system}/*`)
    expect(config.extraResources).toEqual([
      { from: 'node_modules/node/bin', to: 'terminal/bin', filter: ['node', 'node.exe'] },
      {
        from: 'node_modules/webgpu',
        to: 'terminal/node_modules/webgpu',
        filter: ['package.json', 'LICENSE.md', ...own],
      },
    ])
    const launchers = [config.linux, config.mac, config.win].map(
      (system) => (system?.extraResources as { filter?: string[] }[])[0]!.filter,
    )
    expect(launchers).toEqual([['grokscope'], ['grokscope'], ['grokscope.cmd']])
  })

  it('sets every fuse that it knows', () => {
    const all = Object.values(FuseV1Options).filter((option) => typeof option === 'number')
    expect(all.filter((option) => fuses[option] === undefined)).toEqual([])
    const enabled = all.filter((option) => fuses[option]).map((option) => FuseV1Options[option])
    expect(enabled.sort()).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ])
    expect(fuses.resetAdHocDarwinSignature).toBe(true)
    // These would be set in a place that on Linux is the launcher.
    expect(config.electronFuses).toBeUndefined()
  })

  it('can be notarized on macOS, and lets V8 and a foreign BLAS work', () => {
    expect(config.mac).toMatchObject({ hardenedRuntime: true, target: ['dmg'] })
    expect(config.mac!.entitlementsInherit).toBe(config.mac!.entitlements)
    const entitlements = [...read(config.mac!.entitlements!).matchAll(/<key>com\.apple\.security\.cs\.(.*)<\/key>/g)]
    expect(entitlements.map(([, name]) => name)).toEqual([
      'allow-jit',
      'allow-unsigned-executable-memory',
      'disable-library-validation',
    ])
  })

  it('installs on Windows for the person alone, and removes nothing of theirs', () => {
    expect(config.win).toMatchObject({ target: ['nsis'] })
    expect(config.nsis).toMatchObject({ oneClick: true, perMachine: false, deleteAppDataOnUninstall: false })
  })

  it('opens archives with the window, everywhere', () => {
    expect(config.fileAssociations).toMatchObject([{ ext: 'grokscope', mimeType: 'application/vnd.grokscope' }])
  })

  it('looks for no updates', () => {
    expect(config.publish).toBeNull()
  })
})

describe.skipIf(process.platform === 'win32')('packages for Linux', () => {
  /** What electron-builder would hand to its tools, which cannot be had everywhere. */
  const handed = {} as { deb: string[]; debEntry: string; scripts: string[]; appImage: string; profile: string }

  beforeAll(async () => {
    const output = temporaryFolder()
    const packed = join(output, 'packed')
    mkdirSync(join(packed, 'resources'), { recursive: true })
    await build({
      projectDir: root,
      prepackaged: packed,
      targets: Platform.LINUX.createTarget(),
      config: { directories: { output } },
      effectiveOptionComputed: async (options: unknown) => {
        if (Array.isArray(options)) {
          handed.deb = options[0] as string[]
          handed.debEntry = readFileSync(options[1] as string, 'utf8')
          handed.scripts = ['--after-install', '--after-remove'].map((name) =>
            readFileSync(argument(handed.deb, name)!, 'utf8'),
          )
        } else handed.appImage = (options as { desktop: string }).desktop
        return true
      },
    })
    handed.profile = readFileSync(join(packed, 'resources/apparmor-profile'), 'utf8')
  })

  it('say in the deb what it is, whose, and where from', () => {
    const told = (name: string) => argument(handed.deb, name)
    expect(told('--url')).toMatch(/^https:\/\//)
    expect(told('--maintainer')).toMatch(/^[^<]+ <[^@\s]+@[^\s>]+>$/)
    expect(told('--description')).toMatch(/^\S.*\n \S/)
    expect(told('--category')).toBe('science')
    expect(told('--license')).toBe('MIT')
  })

  it('have a menu entry with icons, which opens archives in the sandbox', () => {
    for (const entry of [handed.debEntry, handed.appImage]) {
      expect(entry).toMatch(/^Exec=(\/opt\/Grokscope\/grokscope|AppRun) %U$/m)
      expect(entry).toMatch(/^MimeType=application\/vnd\.grokscope;$/m)
      expect(entry).toMatch(/^Categories=Science;Education;$/m)
      expect(entry).toMatch(/^Comment=.{20,200}$/m)
      expect(entry).toMatch(/^StartupWMClass=grokscope$/m)
      expect(entry).not.toContain('no-sandbox')
    }
    const icons = handed.deb.filter((path) => path.endsWith('/apps/grokscope.png'))
    for (const size of [16, 32, 48, 128, 256, 512]) expect(icons.join()).toContain(`/hicolor/${size}x${size}/`)
    expect(handed.deb.join('\n')).toContain('=/usr/share/mime/packages/grokscope.xml')
  })

  it('put the launcher on the path, and let Electron have its sandbox', () => {
    const [install, remove] = handed.scripts as [string, string]
    expect(install).toContain("'/usr/bin/grokscope' 'grokscope' '/opt/Grokscope/grokscope'")
    expect(remove).toContain("'grokscope' '/opt/Grokscope/grokscope'")
    // Archives lie below the homes of people.
    expect(remove).not.toMatch(/HOME|\.local|\/home/)
    expect(handed.profile).toContain('"/opt/Grokscope/grokscope-window" flags=(unconfined)')
    expect(handed.profile).toContain('userns,')
  })
})

function argument(args: readonly string[], name: string): string | undefined {
  return args[args.indexOf(name) + 1]
}
