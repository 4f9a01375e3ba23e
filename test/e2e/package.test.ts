import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { delimiter, join } from 'node:path'
import { getRawHeader, listPackage } from '@electron/asar'
import { generateAppRunScript } from 'app-builder-lib/out/targets/appimage/appImageUtil.js'
import { preProcessFile } from 'typescript'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findBlasLibraries } from '../../src/main/lab/backend/blas/findBlasLibraries.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import type { MachineDescription } from '../../src/shared/machine.ts'
import { version } from '../../src/shared/version.ts'
import { smallExperiment } from '../support/browserArchive.ts'
import { startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { temporaryFolder } from '../support/folders.ts'
import { packApplication, packDeb, type PackedApplication } from '../support/packedApplication.ts'
import { connectTo } from '../support/socketClient.ts'

/** Optional parts of other people's packages, and TensorFlow, which comes with no package. */
const mayBeMissing = ['bufferutil', 'utf-8-validate', 'electron']
const largestAsar = 60 * 2 ** 20
const hasFpm = Boolean(process.env['CUSTOM_FPM_PATH'] || process.env['USE_SYSTEM_FPM'])
if (!hasFpm) process.stderr.write('No deb is packed: neither CUSTOM_FPM_PATH nor USE_SYSTEM_FPM names an fpm\n')

describe.skipIf(process.platform !== 'linux')('The packed application', () => {
  let packed: PackedApplication
  beforeAll(async () => {
    packed = await packApplication()
  })

  it('holds nothing but the program and the native files of this system', () => {
    const paths = listPackage(packed.asar, { isPack: false }).filter((path) => /\.\w+$/.test(path))
    const native = paths.filter((path) => /\.(node|so|dll|dylib|exe)(\.|$)/.test(path))
    const here = `linux-${process.arch}`
    expect(native.sort()).toEqual([
      `/node_modules/@koromix/koffi-${here}/linux_${process.arch}/koffi.node`,
      `/node_modules/better-sqlite3/prebuilds/${here}.node`,
    ])
    const places = /^\/(out\/(main|preload|renderer|task)\/|node_modules\/|package\.json$|resources\/icon\.png$)/
    expect(paths.filter((path) => !places.test(path))).toEqual([])
    expect(paths.filter((path) => /\.(ts|vue|map|cc|hh?|md|tsbuildinfo)$/.test(path)).sort()).toEqual(
      // What TensorFlow's binding is built with.
      ['js_native_api', 'js_native_api_types', 'node_api', 'node_api_types'].map(
        (name) => `/node_modules/koffi/vendor/node-api-headers/include/${name}.h`,
      ),
    )
    expect(sizeOf(getRawHeader(packed.asar).header as unknown as AsarEntry)).toBeLessThan(largestAsar)
    // Windows: 260 characters with the folder of the person's profile before it.
    expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(120)
  })

  it('has the same program as plain files beside a plain Node', () => {
    const packedFiles = listPackage(packed.asar, { isPack: false }).filter((path) => !isFolder(packed.terminal, path))
    const files = readdirSync(packed.terminal, { recursive: true, encoding: 'utf8' })
      .map((path) => `/${path}`)
      .filter((path) => !isFolder(packed.terminal, path) && !path.startsWith('/bin/'))
    const isDawn = (path: string) => path.startsWith('/node_modules/webgpu/')
    expect(files.filter((path) => !isDawn(path)).sort()).toEqual(packedFiles.sort())
    // Of the systems that Dawn is there for this one, and only where it can compute.
    expect(files.filter(isDawn).sort()).toEqual(
      ['LICENSE.md', `dist/linux-${process.arch}/dawn.node`, 'package.json'].map(
        (path) => `/node_modules/webgpu/${path}`,
      ),
    )
    const { stdout } = spawnSync(join(packed.terminal, 'bin/node'), [
      '-p',
      'process.versions.electron ?? process.version',
    ])
    expect(String(stdout)).toMatch(/^v24\./)
  })

  it('finds all that its code imports and has not in itself', () => {
    const folder = join(packed.terminal, 'out/main')
    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => preProcessFile(readFileSync(join(folder, name), 'utf8'), true, true).importedFiles)
      .map(({ fileName }) => fileName)
      .filter((name) => !name.startsWith('.') && !isBuiltin(name) && !mayBeMissing.includes(name))
    expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'koffi']))
    const script = `for (const name of ${JSON.stringify([...new Set(names)])}) await import(name)`
    const { status, stderr } = spawnSync(join(packed.terminal, 'bin/node'), ['--input-type=module', '-e', script], {
      cwd: folder,
    })
    expect(String(stderr)).toBe('')
    expect(status).toBe(0)
  })

  it('lets nobody run or debug scripts in its name', () => {
    expect(readFileSync(packed.window, 'latin1')).toMatch(/dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u000801001100$/)
  })

  it.skipIf(!hasFpm)('becomes a deb, with its launcher, its menu entry and its icons', async () => {
    const deb = await packDeb(packed)
    const content = String(spawnSync('dpkg-deb', ['--contents', deb], { maxBuffer: 2 ** 26 }).stdout)
    for (const path of [
      './opt/Grokscope/grokscope -> resources/terminal/bin/grokscope',
      './opt/Grokscope/grokscope-window',
      './usr/share/applications/grokscope.desktop',
      './usr/share/mime/packages/grokscope.xml',
      './usr/share/icons/hicolor/128x128/apps/grokscope.png',
    ]) {
      expect(content).toContain(`${path}\n`)
    }
    const control = String(spawnSync('dpkg-deb', ['--field', deb]).stdout)
    for (const field of ['Homepage: https://', 'Section: science', 'Maintainer: ']) expect(control).toContain(field)
  })

  describe('its command line', () => {
    const home = temporaryFolder()
    const archivePath = join(home, 'runs.grokscope')
    const env = {
      // No display, and none of this machine's programs but the shell's own.
      PATH: ['/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
    }
    const call = (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) => {
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: home,
        env: { ...env, ...more },
        encoding: 'utf8',
      })
      return { code: status, stdout, stderr }
    }
    const grokscope = (...args: string[]) => call(packed.launcher, args)

    it('answers without a window', () => {
      expect(grokscope('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
      expect(grokscope('--help').stdout).toContain('doctor')
      expect(grokscope('list')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('the first run makes it') as string,
      })
      expect(grokscope('lst')).toMatchObject({ code: 2, stderr: expect.stringContaining("'lst'") as string })
    })

    it('draws a figure of the paper, for which it loads more than for any other command', () => {
      const { code, stdout, stderr } = grokscope('reproduce', 'fig1', '--out', 'figures')
      expect(stderr).not.toContain('Error')
      expect(stdout).toContain('5 of 5 claims as declared')
      expect(code).toBe(0)
      expect(readdirSync(join(home, 'figures/musat2025/fig1'))).toContain('fig1.svg')
    })

    const backendsFound = (more: NodeJS.ProcessEnv = {}) => {
      const { code, stdout } = call(packed.launcher, ['doctor', '--json'], more)
      expect(code).toBe(0)
      const { backends } = JSON.parse(stdout) as MachineDescription
      return Object.fromEntries(backends.map((backend) => [backend.kind, backend]))
    }

    it('finds every arithmetic of this machine', () => {
      expect(backendsFound()).toMatchObject({
        plain: { available: true },
        wasm: { available: true },
        blas: { available: findBlasLibraries().length > 0 },
        tensorflow: {
          available: false,
          reason: expect.stringContaining('is not installed') as string,
          install: 'grokscope install-tensorflow',
        },
      })
    })

    it('finds TensorFlow where it can be installed: in a folder outside', () => {
      const folder = join(home, 'tensorflow')
      const place = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu')
      mkdirSync(place, { recursive: true })
      writeFileSync(join(place, 'package.json'), '{}')
      expect(backendsFound({ GROKSCOPE_TENSORFLOW: folder })).toMatchObject({
        tensorflow: { available: false, reason: expect.stringContaining('has no library') as string },
      })
    })

    it.skipIf(process.env['GROKSCOPE_TENSORFLOW_CPU'] !== '1')('brings TensorFlow, and trains on it', () => {
      const whole = { ...process.env, ...env, PATH: process.env['PATH'] }
      const brought = call(packed.launcher, ['install-tensorflow', '--processor', '--yes'], whole)
      expect(brought).toMatchObject({ code: 0, stdout: expect.stringMatching(/^processor only, for tests/) as string })
      const specification = join(home, 'tensorflow.json')
      const training = {
        task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
        network: { hidden: 16 },
        dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps: 20 },
        precision: 'float32',
      }
      writeFileSync(specification, JSON.stringify(training))
      const options = ['run', specification, '--backend', 'tensorflow', '--archive', join(home, 'device.grokscope')]
      expect(call(packed.launcher, options, whole)).toMatchObject({ code: 0 })
    })

    it.each(['plain', 'wasm', ...(findBlasLibraries().length > 0 ? ['blas'] : [])])(
      'computes a run on %s and keeps it',
      (kind) => {
        const specification = join(home, `${kind}.json`)
        writeFileSync(specification, JSON.stringify(smallExperiment({ name: `on ${kind}` })))
        const options = ['--backend', kind, '--threads', '1', '--archive', archivePath]
        expect(grokscope('run', specification, ...options)).toMatchObject({ code: 0 })
        const { stdout } = grokscope('list', 'status:finished', '--json', '--archive', archivePath)
        const runs = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { id: string; name: string })
        const { id } = runs.find(({ name }) => name.startsWith(`on ${kind}`))!
        const shown = JSON.parse(grokscope('show', id, '--json', '--archive', archivePath).stdout) as object
        expect(shown).toMatchObject({ findings: [], provenance: { backend: kind } })
        const archive = openArchive(archivePath, { readOnly: true })
        expect(archive.runs.summary(id)).toMatchObject({ status: 'finished' })
        archive.close()
      },
    )

    describe('serves', () => {
      let host: BrowserHost | undefined
      afterEach(() => host?.kill())

      it('the window, with its archive', async () => {
        host = await startBrowserHost(join(home, 'served.grokscope'), undefined, [packed.launcher])
        const entered = await fetch(host.address, { redirect: 'manual' })
        const cookie = entered.headers.getSetCookie()[0]!.split(';')[0]!
        const page = await fetch(new URL('/', host.address), { headers: { cookie } })
        expect(await page.text()).toContain('<div id="app">')
        const client = await connectTo(host.address)
        expect(await client.request('run.list', {})).toEqual({ ok: true, data: { runs: [], total: 0 } })
        client.close()
        expect(await host.close()).toEqual({ code: 0 })
      })
    })

    it('leaves to the window what is the window’s', () => {
      const opened = (...args: string[]) =>
        grokscope(...args)
          .stdout.split('\n')
          .slice(0, -1)
      for (const args of [
        [],
        ['my runs.grokscope'],
        ['RUNS.GROKSCOPE', 'b.grokscope'],
        ['file:///home/me/a%20b.grokscope'],
        ['--archive', 'a'],
        ['--archive=a'],
        ['--ozone-platform=wayland', 'a.grokscope'],
        ['--no-sandbox'],
      ]) {
        expect(opened(...args)).toEqual(args)
      }
    })

    it('is found through links, from wherever it is called', () => {
      const folder = join(home, 'bin')
      mkdirSync(folder)
      symlinkSync(packed.launcher, join(folder, 'alternative'))
      symlinkSync('alternative', join(folder, 'grokscope'))
      const there = { PATH: [folder, env.PATH].join(delimiter), CDPATH: packed.folder }
      expect(call('grokscope', ['--version'], there)).toMatchObject({ code: 0, stdout: `${version}\n` })
      expect(call('bin/grokscope', ['x.grokscope'])).toMatchObject({ code: 0, stdout: 'x.grokscope\n' })
    })

    // After the others: AppRun stays.
    describe('as an AppImage starts it', () => {
      const folder = join(home, 'without namespaces')
      let appRun: string
      beforeAll(() => {
        appRun = join(packed.folder, 'AppRun')
        const names = { DesktopFileName: 'grokscope.desktop', ProductName: 'Grokscope', ProductFilename: 'Grokscope' }
        const script = generateAppRunScript({ ...names, ExecutableName: 'grokscope', ResourceName: 'grokscope' })
        writeFileSync(appRun, script, { mode: 0o755 })
        mkdirSync(folder)
        writeFileSync(join(folder, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
      })

      it('is the command line too', () => {
        expect(call(appRun, ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
        expect(call(appRun, ['a b.grokscope']).stdout).toBe('a b.grokscope\n')
      })

      it('does not give up the sandbox unless it is told to', () => {
        const without = { PATH: [folder, env.PATH].join(delimiter) }
        expect(call(appRun, ['--version'], without)).toMatchObject({ code: 0, stdout: `${version}\n` })
        expect(call(appRun, [], without).stdout).toBe('')
        expect(call(appRun, ['--archive', 'a'], without).stdout).toBe('--archive\na\n')
      })
    })
  })
})

interface AsarEntry {
  size?: number
  files?: Record<string, AsarEntry>
}

function sizeOf({ size = 0, files = {} }: AsarEntry): number {
  return Object.values(files).reduce((sum, entry) => sum + sizeOf(entry), size)
}

function isFolder(root: string, path: string): boolean {
  return statSync(join(root, path)).isDirectory()
}
