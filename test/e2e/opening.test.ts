import { copyFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { temporaryFolder } from '../support/folders.ts'
import { heldMigration } from '../support/heldMigration.ts'
import { patience } from './laboratoryWindow.ts'

const version1 = join(import.meta.dirname, '../support/archives/version1.grokscope')
const found = await launchBrowser()

describe.skipIf(process.platform === 'win32')('A host that is stopped as it brings its archive to this version', () => {
  afterEach(() => vi.unstubAllEnvs())

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'by %s ends at once, and leaves nothing but the archive',
    async (signal) => {
      const path = join(temporaryFolder(), 'earlier.grokscope')
      copyFileSync(version1, path)
      const temporary = temporaryFolder()
      vi.stubEnv('NODE_OPTIONS', heldMigration(temporaryFolder(), 0.5).env.NODE_OPTIONS)
      vi.stubEnv('TMPDIR', temporary)
      const host = await startBrowserHost(path)
      await expect.poll(() => readdirSync(dirname(path))).toContain('earlier.grokscope.lock')
      expect(await host.close(signal)).toEqual({ code: 0 })
      expect(readdirSync(dirname(path))).toEqual(['earlier.grokscope'])
      expect(readdirSync(temporary)).toEqual([])
    },
  )
})

describe.skipIf('reason' in found || process.platform !== 'linux')('An archive of an earlier version', () => {
  const browser = found as Browser
  let host: BrowserHost | undefined
  let page: Page
  let letGo: () => void
  afterAll(() => browser.close())
  afterEach(async () => {
    vi.unstubAllEnvs()
    await page.context().close()
    await host?.kill()
    host = undefined
  })

  /** Serves one's own archive, or the one given, with every migration held half way. */
  async function serve(archive?: string): Promise<string> {
    const earlier = join(temporaryFolder(), 'earlier.grokscope')
    copyFileSync(version1, earlier)
    const held = heldMigration(temporaryFolder(), 0.5)
    letGo = held.letGo
    vi.stubEnv('NODE_OPTIONS', held.env.NODE_OPTIONS)
    host = await startBrowserHost(archive ?? earlier)
    page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(patience)
    await page.goto(host.address)
    return earlier
  }

  const laboratory = () => page.getByRole('link', { name: 'Runs', exact: true })

  it('is shown as it is brought to this one, and the laboratory opens by itself', async () => {
    const path = await serve()
    await page.getByRole('heading', { name: 'Your archive is being opened' }).waitFor()
    await expect.poll(() => page.getByRole('progressbar').getAttribute('aria-valuenow')).toMatch(/^[5-9]\d$/)
    const words = await page.getByRole('main').innerText()
    expect(words).toContain(path)
    expect(words).toMatch(/archive version 1.*version \d+/s)
    expect(words).toMatch(/\d % of 2 runs/)
    expect(words).toContain('Nothing is lost')
    expect(await laboratory().count()).toBe(0)
    // Who comes again, or as another, finds the same.
    await page.reload()
    await page.getByRole('heading', { name: 'Your archive is being opened' }).waitFor()
    letGo()
    await laboratory().click()
    await expect.poll(() => page.getByRole('main').innerText()).toContain('2 finished')
  })

  it('says why where it cannot be brought there, and the host ends as it did', async () => {
    const path = await serve()
    await expect.poll(() => page.getByRole('progressbar').getAttribute('aria-valuenow')).toMatch(/^[5-9]\d$/)
    host!.killWorkers()
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.innerText()).toContain(path)
    expect(await page.getByRole('heading').innerText()).toBe('Your archive cannot be opened')
    expect(await page.getByRole('main').innerText()).toContain('Open it again: the archive is intact')
    expect(await host!.ended).toEqual({ code: 75 })
    expect(await alert.isVisible()).toBe(true)
  })

  it('beside one’s own is shown in Runs, where it can be cancelled', async () => {
    const path = await serve(join(temporaryFolder(), 'own.grokscope'))
    await laboratory().click()
    const open = async () => {
      await page.getByRole('button', { name: 'Open archive…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Open an archive' })
      await dialog.getByRole('textbox').fill(path)
      await dialog.getByRole('button', { name: 'Open', exact: true }).click()
      await expect.poll(() => dialog.innerText()).toMatch(/archive version 1.*\d % of 2 runs/s)
      return dialog
    }
    const dialog = await open()
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    const archives = page.getByRole('navigation', { name: 'Archives' })
    await expect.poll(() => archives.innerText()).toMatch(/\d % of 2 runs/)
    await archives.getByRole('button', { name: `Cancel opening ${basename(path)}` }).click()
    await expect.poll(() => archives.count()).toBe(0)
    await open()
    letGo()
    await expect.poll(() => archives.innerText()).toContain('read only, 2 runs')
    await expect.poll(() => dialog.count()).toBe(0)
  })

  it('beside one’s own takes nobody away who went elsewhere meanwhile', async () => {
    const path = await serve(join(temporaryFolder(), 'own.grokscope'))
    await laboratory().click()
    await page.getByRole('button', { name: 'Open archive…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Open an archive' })
    await dialog.getByRole('textbox').fill(path)
    await dialog.getByRole('button', { name: 'Open', exact: true }).click()
    await expect.poll(() => dialog.innerText()).toMatch(/archive version 1/)
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('link', { name: 'Machine', exact: true }).click()
    await page.getByRole('heading', { name: 'Machine', exact: true }).waitFor()
    await page.evaluate(() => void Object.defineProperty(document, 'hidden', { value: true, configurable: true }))
    letGo()
    await page.getByRole('status').getByText(`${path} is open`).waitFor()
    expect(page.url()).toContain('/machine')
    await page.getByRole('status').getByRole('button', { name: 'Show' }).click()
    await expect
      .poll(() => page.getByRole('navigation', { name: 'Archives' }).innerText())
      .toContain('read only, 2 runs')
  })
})
