import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildIfOutdated } from '../../../src/main/launch/buildIfOutdated.ts'
import { placeOfElectron } from '../../../src/main/launch/findElectron.ts'
import type {} from '../../../src/renderer/env.d.ts'
import { temporaryFolder } from '../../support/folders.ts'

const root = join(import.meta.dirname, '../../..')
const place = placeOfElectron(root)
const executablePath = 'path' in place && existsSync(place.path) ? place.path : undefined

describe.skipIf(!executablePath)('Electron itself', () => {
  let application: ElectronApplication
  let page: Page

  beforeAll(async () => {
    expect(buildIfOutdated(root)).toBe(true)
    const folder = temporaryFolder()
    const own = [`--archive=${join(folder, 'archive.grokscope')}`, `--user-data-dir=${join(folder, 'user')}`]
    application = await _electron.launch({ executablePath: executablePath!, args: [root, ...own] })
    page = await application.firstWindow()
  })
  afterAll(() => application?.close())

  it('shows the page of its own origin, which has two functions and no Node', async () => {
    expect(new URL(page.url()).host).toBe('grokscope')
    expect(await page.evaluate(() => Object.keys(window.grokscope!).sort())).toEqual(['on', 'request'])
    expect(
      await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in window)),
    ).toEqual([])
  })

  it('answers the page', async () => {
    const result = await page.evaluate(() => window.grokscope!.request('run.list', {}))
    expect(result).toEqual({ ok: true, data: { runs: [], total: 0 } })
  })

  it('holds the page to its content policy', async () => {
    const violation = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
          document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))
        }),
    )
    expect(violation).toMatch(/^script-src/)
  })

  it('does not let the page lead elsewhere or open windows', async () => {
    await page.evaluate(() => location.assign('https://example.org/'))
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull()
    expect(new URL(page.url()).host).toBe('grokscope')
    expect(application.windows()).toHaveLength(1)
  })
})
