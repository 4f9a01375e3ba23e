import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { createComposition } from '../../src/shared/figures/composition.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { portOfItsOwn, startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { chooseFrom, goTo, slowHost } from '../support/browserPage.ts'
import { figuresIn } from '../support/figuresIn.ts'
import { describeWindow, whileMessagesStay } from './laboratoryWindow.ts'

const nameOf = (page: Page) => page.getByLabel('Name of the figure')
const captionOf = (page: Page) => page.getByRole('textbox', { name: 'Caption' })
const textsIn = (path: string) => figuresIn(path).map(({ name, caption }) => [name, caption])

async function toFigures(page: Page, host: BrowserHost): Promise<Page> {
  await page.goto(host.address)
  await goTo(page, '/figures')
  await nameOf(page).waitFor()
  return page
}

/** In a browser of its own. */
async function another(page: Page, host: BrowserHost): Promise<Page> {
  const context = await page
    .context()
    .browser()!
    .newContext({ viewport: { width: 1440, height: 900 } })
  return toFigures(await context.newPage(), host)
}

describeWindow(
  'Figures that an archive keeps',
  (open) => {
    it('are there in another browser, at another port', async () => {
      const { page, host, archivePath } = await open({ serve: ['--port', String(await portOfItsOwn())] })
      await goTo(page, '/figures')
      await nameOf(page).fill('Of a paper')
      await captionOf(page).fill('What is seen.')
      await expect.poll(() => textsIn(archivePath)).toEqual([['Of a paper', 'What is seen.']])
      await page.getByText('Figures are kept in the archive.').waitFor()
      await page.goto('about:blank')
      await host!.close()
      const next = await startBrowserHost(archivePath)
      try {
        expect(next.port).not.toBe(host!.port)
        const other = await another(page, next)
        await expect.poll(() => captionOf(other).inputValue()).toBe('What is seen.')
        expect(await nameOf(other).inputValue()).toBe('Of a paper')
        await other.context().close()
      } finally {
        await next.close()
      }
    })

    it('are changed in two windows: each sees what the other does, and nothing of either is lost', async () => {
      const { page, host, archivePath } = await open()
      await goTo(page, '/figures')
      await nameOf(page).fill('Common')
      await expect.poll(() => textsIn(archivePath)).toEqual([['Common', '']])
      const other = await another(page, host!)
      await expect.poll(() => nameOf(other).inputValue()).toBe('Common')
      await captionOf(other).fill('Written there.')
      await expect.poll(() => captionOf(page).inputValue()).toBe('Written there.')

      const slow = await slowHost(other)
      await other.reload()
      await expect.poll(() => captionOf(other).inputValue()).toBe('Written there.')
      slow.hold()
      await captionOf(page).fill('Of one.')
      await expect.poll(() => textsIn(archivePath)).toEqual([['Common', 'Of one.']])
      await captionOf(other).fill('Of the other.')
      const told = 'Common was changed in another window; your version is kept as Common (2).'
      await whileMessagesStay(other, async () => {
        slow.release()
        await other.getByRole('status').getByText(told).waitFor()
      })
      const both = [
        ['Common (2)', 'Of the other.'],
        ['Common', 'Of one.'],
      ]
      await expect.poll(() => textsIn(archivePath)).toEqual(both)
      expect([await nameOf(other).inputValue(), await captionOf(other).inputValue()]).toEqual(both[0])
      expect([await nameOf(page).inputValue(), await captionOf(page).inputValue()]).toEqual(both[1])

      // This page hears of it from the host, and a menu that is open stays as it is.
      await chooseFrom(page.getByRole('button', { name: 'Figures', exact: true }), /^Common \(2\)/)
      await expect.poll(() => nameOf(page).inputValue()).toBe('Common (2)')
      await page.getByRole('button', { name: 'Figures', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Delete this figure' }).click()
      await expect.poll(() => nameOf(other).inputValue()).toBe('Common')
      expect(textsIn(archivePath)).toEqual([both[1]])
      await other.context().close()
    })

    it('keep what is done while the host is gone, which comes to the archive with the next one', async () => {
      const { page, host, archivePath } = await open({
        serve: ['--port', String(await portOfItsOwn())],
        expected: /WebSocket|Failed to load resource|ERR_CONNECTION/,
      })
      await goTo(page, '/figures')
      await nameOf(page).fill('Begun')
      await expect.poll(() => textsIn(archivePath)).toEqual([['Begun', '']])
      await host!.kill()
      await captionOf(page).fill('Written to nobody.')
      await page.goto('about:blank')
      expect(textsIn(archivePath)).toEqual([['Begun', '']])
      const next = await startBrowserHost(archivePath, host!.port)
      try {
        await toFigures(page, next)
        await expect.poll(() => captionOf(page).inputValue()).toBe('Written to nobody.')
        await expect.poll(() => textsIn(archivePath)).toEqual([['Begun', 'Written to nobody.']])
      } finally {
        await page.goto('about:blank')
        await next.close()
      }
    })

    it('are shown where the archive is read only, and what is done to them stays in the browser', async () => {
      const kept = { ...createComposition('Of the archive'), caption: 'There.' }
      const { page, host, archivePath } = await open({
        serve: ['--read-only'],
        prepare(path) {
          const archive = openArchive(path)
          archive.figures.write(kept.id, JSON.stringify(kept), null)
          archive.close()
        },
      })
      await goTo(page, '/figures')
      await expect.poll(() => captionOf(page).inputValue()).toBe('There.')
      await page.getByText('The archive is open to be read only').waitFor()
      await captionOf(page).fill('Here.')
      await page.reload()
      await expect.poll(() => captionOf(page).inputValue()).toBe('Here.')
      const other = await another(page, host!)
      await expect.poll(() => captionOf(other).inputValue()).toBe('There.')
      await other.context().close()
      expect(figuresIn(archivePath)).toEqual([kept])
    })

    it('are those too that this browser kept before', async () => {
      const { page, archivePath } = await open()
      const former = ['first', 'second'].map((name) => createComposition(name))
      await page.evaluate((text) => localStorage.setItem('grokscope.figures', text), JSON.stringify(former))
      await page.reload()
      await expect.poll(() => figuresIn(archivePath)).toEqual(former)
      await goTo(page, '/figures')
      await expect.poll(() => nameOf(page).inputValue()).toBe('first')
      const keys = () => page.evaluate(() => Object.keys(localStorage).filter((name) => /figure(s|\.)/.test(name)))
      await expect.poll(keys).toEqual([])
    })
  },
  { inElectron: false },
)
