import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A live map, without a pointer', (open) => {
  let page: Page
  let archivePath: string
  const sweepsFolder = () => archivePath.replace(/\.grokscope$/, '-sweeps')
  const map = () => page.getByRole('application', { name: /cells over/ })
  const plane = () => page.getByRole('complementary', { name: 'Plane' })

  beforeAll(async () => {
    ;({ page, archivePath } = await open())
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
  })

  it('fills while one watches, as soon as one comes to it', async () => {
    await press(page, 'g', 's')
    await page.getByText(/^A sweep is an experiment over a plane/).waitFor()
    await press(page, 'l')
    await page.getByRole('heading', { name: 'Live map' }).waitFor()
    await map().waitFor()
    await expect.poll(() => page.getByText(/^\d+ of \d+ runs ended/).count()).toBe(1)
  })

  it('is set up, and says at a field what is wrong with it', async () => {
    const across = plane().getByRole('region', { name: 'Across' })
    await type(page, across.getByRole('textbox', { name: 'from' }), '0')
    await across.getByText(/a log range lies above 0/).waitFor()
    await type(page, across.getByRole('textbox', { name: 'from' }), '0.25')
    await type(page, across.getByRole('textbox', { name: 'to' }), '4')
    await type(page, across.getByRole('textbox', { name: 'cells' }), '3')
    const up = plane().getByRole('region', { name: 'Up', exact: true })
    await type(page, up.getByRole('textbox', { name: 'cells' }), '2')
    for (const [name, value] of [
      ['modulus', '5'],
      ['hidden units', '16'],
      ['steps', '60'],
    ]) {
      await type(page, plane().getByRole('textbox', { name: name!, exact: true }), value!)
    }
    for (const name of ['at least', 'at most']) await type(page, plane().getByRole('textbox', { name }), '2')
    await page.getByText(/^12 of 12 runs ended/).waitFor()
    await page.getByRole('application', { name: /6 cells over/ }).waitFor()
    await expect.poll(() => across.getByRole('alert').count()).toBe(0)
  })

  it('opens the curves of a cell, and another value of a third field draws it and them anew', async () => {
    await map().focus()
    await press(page, 'ArrowUp', 'ArrowUp', 'ArrowRight', 'Enter')
    const accuracy = page.getByRole('region', { name: 'Accuracy' })
    await expect.poll(() => accuracy.locator('.caption').innerText()).toMatch(/= 1, .*= 0\.95/)
    const runs = page.getByRole('region', { name: 'Runs of the cell' })
    await expect.poll(() => runs.getByText('finished').count()).toBe(2)
    const readings = async () => {
      await accuracy.getByRole('button', { name: 'Accuracy: data as table' }).focus()
      await press(page, 'Enter')
      const text = await page.getByRole('dialog').getByRole('table').innerText()
      await press(page, 'Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      return text
    }
    // Of both runs, on both curves, to their ends.
    const ends = async () => (await readings()).match(/\b(test|training)\s+[01]\s+60\s/g) ?? []
    await expect.poll(ends).toHaveLength(4)
    const before = await readings()
    const slider = page.getByRole('slider', { name: 'learning rate', exact: true })
    await slider.focus()
    await press(page, 'End')
    expect(await page.getByRole('textbox', { name: 'learning rate, exactly' }).inputValue()).toBe('0.08')
    await expect.poll(readings).not.toBe(before)
    // What is known is not computed again, and is the same.
    await type(page, page.getByRole('textbox', { name: 'learning rate, exactly' }), '0.01')
    await expect.poll(readings).toBe(before)
    await enter(page, /^optimizer: /, plane())
    await page.keyboard.type('momentum')
    await press(page, 'Enter')
    await expect.poll(() => page.getByRole('textbox', { name: 'learning rate, exactly' }).inputValue()).toBe('0.1')
    await expect.poll(readings).not.toBe(before)
  })

  it('is found again by its address: plane, slider, color and cell', async () => {
    const share = page.getByRole('group', { name: 'Over the seeds' }).getByText('share', { exact: true })
    await share.press('Enter')
    await expect.poll(() => page.url()).toContain('over=share')
    const address = page.url()
    await page.evaluate(() => localStorage.clear())
    await goTo(page, '/runs')
    await goTo(page, address.split('#')[1]!)
    await page.reload()
    await page.getByRole('application', { name: /18 cells over/ }).waitFor()
    expect(await page.getByRole('textbox', { name: 'learning rate, exactly' }).inputValue()).toBe('0.1')
    await page.getByRole('region', { name: 'Runs of the cell' }).getByText('finished').first().waitFor()
    expect(await share.getAttribute('data-state')).toBe('on')
    expect(new URL(page.url()).hash).toBe(new URL(address).hash)
  })

  it('stores nothing before it is kept, and is a sweep then, with the runs that were computed', async () => {
    await page.getByText(/^(\d+) of \1 runs ended/).waitFor()
    expect(existsSync(sweepsFolder())).toBe(false)
    await press(page, 'ControlOrMeta+Enter')
    await page.getByRole('heading', { name: 'live map', exact: true }).waitFor()
    await page.getByText('Complete', { exact: true }).waitFor()
    expect(readdirSync(join(sweepsFolder(), 'live-map', 'journals')).length).toBeGreaterThan(11)
    await page.getByRole('application', { name: /cells over/ }).waitFor()
    await press(page, 'g', 's')
    await page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'live map' }).waitFor()
  })

  it('is begun from New too, with the plane of the sweep there', async () => {
    await goTo(page, '/new?sweep=delay-law')
    await page.getByRole('link', { name: 'Live map' }).focus()
    await press(page, 'Enter')
    const values = plane().getByRole('region', { name: 'Across' }).getByRole('textbox', { name: 'Across: values' })
    await expect.poll(() => values.inputValue()).toBe('2.5, 5, 10, 20')
    await page.getByRole('application', { name: /12 cells over/ }).waitFor()
    // Held, nothing is computed any more.
    await press(page, 'p')
    await page.getByRole('button', { name: 'Continue' }).waitFor()
  })
})

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

async function enter(page: Page, name: RegExp, within: Pick<Page, 'getByRole'>) {
  await within.getByRole('button', { name }).focus()
  await press(page, 'Enter')
}

/** What is typed counts once the field is left. */
async function type(page: Page, field: ReturnType<Page['getByRole']>, text: string) {
  await field.focus()
  await press(page, 'ControlOrMeta+a')
  await page.keyboard.type(text)
  await press(page, 'Tab')
}
