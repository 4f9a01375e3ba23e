import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { figure1 } from '../../src/main/lab/papers/musat2025/figure1.ts'
import { recordExperiments } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const paper = '/papers/musat2025'
const figure = `${paper}/fig1`

/** How a person sets off what they see. */
type Press = (control: Locator) => Promise<void>

for (const [hand, press] of Object.entries({ mouse: byMouse, keyboard: byKeyboard })) {
  describeWindow(`Away from a paper’s figure by ${hand}`, (open) => {
    let page: Page

    beforeAll(async () => {
      ;({ page } = await open({
        prepare: (path) => recordExperiments(path, figure1.experiments({}), 'musat2025/fig1'),
      }))
      await goTo(page, paper)
    })

    it('one comes to it from its paper, and back', async () => {
      const card = page.getByRole('article', { name: /^Fig\. 1/ })
      await press(card.getByRole('link', { name: 'Two weights, one sample' }))
      await isAtFigure(page)
      await (hand === 'mouse' ? press(page.getByRole('link', { name: 'Musat 2025' })) : page.keyboard.press('Escape'))
      await isAt(page, paper)
      await press(card.getByRole('button', { name: 'Open' }))
      await isAtFigure(page)
    })

    it('one comes to its runs', async () => {
      await press(page.getByRole('main').getByRole('button', { name: 'Runs', exact: true }))
      await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).nth(2).waitFor()
      await page.getByText('figure:musat2025/fig1', { exact: true }).waitFor()
      await back(page)
    })

    it('one comes to a run of it, and on to an experiment like it', async () => {
      const name = 'Paper, figure 1, λ = 0.2'
      await press(page.getByRole('link', { name: `${name}, seed 0` }))
      await page.getByRole('heading', { name, exact: true }).waitFor()
      await choose(press, page.getByRole('button', { name: 'More' }), /^New from this specification/)
      await isNew(page, name)
      await page.keyboard.press('Alt+ArrowLeft')
      await page.getByRole('heading', { name, exact: true }).waitFor()
      await back(page)
    })

    it('one comes to a comparison of its runs', async () => {
      await press(page.getByRole('main').getByRole('button', { name: 'Compare', exact: true }))
      await page.waitForURL(/#\/compare\?/)
      await page.getByRole('heading', { name: 'Training loss' }).waitFor()
      for (const name of ['λ = 0.01', 'λ = 0.1', 'λ = 0.2']) await page.getByText(name).first().waitFor()
      await back(page)
    })

    it('one comes to New with any of its specifications', async () => {
      await choose(press, page.getByRole('button', { name: 'Open in New' }), 'Paper, figure 1, λ = 0.1')
      await isNew(page, 'Paper, figure 1, λ = 0.1')
      await back(page)
    })

    it('one is told where the address of New names an experiment that the figure has not', async () => {
      for (const none of ['4', '0', 'x']) {
        await goTo(page, `/new?figure=musat2025/fig1&experiment=${none}`)
        await page.getByText(`experiment: "${none}" is not allowed; 1 to 3, those of Fig. 1`).waitFor()
        await expect.poll(() => page.url()).toMatch(/#\/new$/)
      }
      await goTo(page, figure)
    })

    it('one comes to a figure of one’s own with its panels', async () => {
      await press(page.getByRole('link', { name: 'Make figure' }))
      await page.waitForURL(/#\/figures/)
      for (const name of ['Trajectories', 'Training loss', 'Test loss'])
        await page.getByRole('button', { name }).first().waitFor()
      await page.getByText('from 3 runs').waitFor()
      await back(page)
    })
  })

  describeWindow(
    `What is drawn of a paper’s figure, by ${hand}`,
    (open) => {
      let page: Page

      beforeAll(async () => {
        const prepare = (path: string) => recordExperiments(path, figure1.experiments({}), 'musat2025/fig1')
        ;({ page } = await open({ prepare }))
        await goTo(page, figure)
      })

      it.each([
        ['PDF', /^Picture.*PDF$/, /^%PDF-/],
        ['SVG', /^Picture.*SVG$/, /^(<\?xml[^>]*>\s*)?<svg/],
        ['PNG', /^Picture.*PNG$/, /^.PNG/],
        ['CSV', /^Data.*CSV$/, /^[^\n]*,[^\n]*\r?\n[^\n]*,-?\d/],
      ])('is saved as %s', async (_, entry, beginning) => {
        const saved = page.waitForEvent('download')
        await choose(press, page.getByRole('button', { name: /: export$/ }).first(), entry)
        expect((await readFile(await (await saved).path())).toString('latin1')).toMatch(beginning)
      })
    },
    // The desktop's own dialog asks where the file goes.
    { inElectron: false },
  )
}

async function isAt(page: Page, address: string) {
  await expect.poll(() => new URL(page.url()).hash).toBe(`#${address}`)
}

async function isAtFigure(page: Page) {
  await isAt(page, figure)
  await page.getByRole('heading', { name: 'Claims' }).waitFor()
}

/** The way back leads to the figure, not to a step between. */
async function back(page: Page) {
  await page.keyboard.press('Alt+ArrowLeft')
  await isAtFigure(page)
}

async function isNew(page: Page, name: string) {
  await isAt(page, '/new')
  await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe(name)
}

async function choose(press: Press, menu: Locator, item: string | RegExp) {
  await press(menu)
  await press(menu.page().getByRole('menuitem', { name: item, exact: true }))
}

async function byMouse(control: Locator) {
  await control.click()
}

/** Goes to it by the tabulator, or by arrows within a menu, as often as there are controls, and sets it off. */
async function byKeyboard(control: Locator) {
  await control.waitFor()
  const { keyboard } = control.page()
  const isFocused = () => control.evaluate((element) => element === document.activeElement)
  const step = (await control.getAttribute('role')) === 'menuitem' ? 'ArrowDown' : 'Tab'
  for (let presses = 0; presses < 200 && !(await isFocused()); presses++) await keyboard.press(step)
  expect(await isFocused()).toBe(true)
  await keyboard.press('Enter')
}
