import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const widths = [48, 52, 56, 60, 64, 68, 72, 76, 80]

describeWindow('Many groups of runs', (open) => {
  let page: Page
  let runIds: string[]
  /** Of two widths by three shares. */
  let planeIds: string[]

  beforeAll(async () => {
    const plane = [48, 64].flatMap((hidden) =>
      [0.6, 0.7, 0.8].map((trainFraction) =>
        smallExperiment({
          ...{ name: `plane ${hidden} ${trainFraction}`, seeds: [0, 1], network: { hidden } },
          task: { kind: 'modularAddition', modulus: 5, trainFraction },
        }),
      ),
    )
    const wide = (hidden: number) => smallExperiment({ name: `wide ${hidden}`, seeds: [0, 1], network: { hidden } })
    ;({ page } = await open({
      async prepare(path) {
        const all = await recordExperiments(path, [...widths.map(wide), ...plane])
        ;[runIds, planeIds] = [all.slice(0, 2 * widths.length), all.slice(2 * widths.length)]
      },
    }))
  })

  it('scatter where something differs, by keyboard alone, and goes into a figure as it is', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}`)
    await settles(page)
    await page.getByRole('link', { name: 'Scatter' }).focus()
    await page.keyboard.press('Enter')
    const number = page.getByRole('button', { name: /^Number:/ })
    await number.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.type('first-layer')
    await page.keyboard.press('Enter')
    await expect.poll(() => number.innerText()).toMatch(/first-layer squared norm/i)
    expect(await page.getByRole('button', { name: /^Horizontal field/ }).innerText()).toMatch(/d/)
    await expect.poll(() => page.locator('.legend text').allTextContents()).toContain('wide 48')
    expect(await inspect(page)).toEqual([])
    await expect.poll(() => page.url()).toContain('number=')
    await page.reload()
    await expect.poll(() => number.innerText()).toMatch(/first-layer squared norm/i)
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('from 18 runs').waitFor()
    await page.getByText('1 panel', { exact: true }).waitFor()
    expect(await page.locator('.problem').count()).toBe(0)
  })

  it('are read point by point where they scatter, and one is opened from there', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}&tab=scatter`)
    await settles(page)
    const chart = page.locator('.panels').getByRole('application')
    await chart.focus()
    for (const key of ['ArrowRight', 'End']) await page.keyboard.press(key)
    const tip = page.locator('.chart-tip')
    await expect.poll(() => tip.innerText()).toMatch(/80[^]*wide 80[^]*seed [01]/)
    await page.keyboard.press('Home')
    await expect.poll(() => tip.innerText()).toContain('wide 48')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /wide 48/ }).waitFor()
    const shown = /#\/runs\/([^/?]+)/.exec(page.url())?.[1]
    expect(runIds.slice(0, 2)).toContain(shown)
  })

  it('are a map over two fields in which they differ, whose address keeps what is chosen', async () => {
    await goTo(page, `/compare?runs=${planeIds.join()}&tab=map`)
    await settles(page)
    const map = page.locator('.panels').getByRole('application')
    await expect.poll(() => map.getAttribute('aria-label')).toMatch(/6 cells over training share/)
    expect(await inspect(page)).toEqual([])
    await page.getByRole('button', { name: /^Color:/ }).click()
    await page.keyboard.type('phase of')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('color=phase')
    await page.getByLabel('Smallest delay that counts as grokking, in steps').fill('7')
    await page.keyboard.press('Tab')
    await expect.poll(() => page.url()).toContain('delay=7')
    await page.reload()
    await settles(page)
    await expect.poll(() => page.getByLabel(/^Smallest delay/).inputValue()).toBe('7')
    expect(await page.locator('.problem').count()).toBe(0)
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('1 panel', { exact: true }).waitFor()
    await page.goBack()
    await map.focus()
    for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key)
    await page.getByText('2 runs', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Map', exact: true }).count()).toBe(0)
  })

  it('scatter over nothing where the runs differ in nothing', async () => {
    await goTo(page, `/compare?runs=${runIds.slice(0, 2).join()}&tab=scatter`)
    await settles(page)
    await page.getByText('2 runs', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Scatter' }).count()).toBe(0)
  })

  it('stand apart on common axes, each with its name, and go into a figure one by one', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}&tab=groups`)
    await settles(page)
    const main = page.getByRole('main')
    const titles = () => main.locator('.facets .panel h2').allInnerTexts()
    await expect.poll(titles).toEqual(widths.map((width) => `wide ${width}`))
    const ticks = await main
      .locator('.facets .panel')
      .evaluateAll((panels) =>
        panels.map((panel) => [...panel.querySelectorAll('svg text')].map((each) => each.textContent)),
      )
    expect(new Set(ticks.map((texts) => texts.join())).size).toBe(1)
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('9 panels', { exact: true }).waitFor()
    await goTo(page, `/compare?runs=${runIds.join()}&tab=groups`)
    await main.getByRole('button', { name: 'together' }).click()
    await expect.poll(titles).toEqual([])
    await goTo(page, `/compare?runs=${runIds.slice(0, 4).join()}&tab=groups`)
    await page.getByText('4 runs', { exact: true }).waitFor()
    expect(await titles()).toEqual([])
  })
})
