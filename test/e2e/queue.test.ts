import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { queueExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const endless = (name: string, seeds: number[]) =>
  smallExperiment({ name, seeds, dynamics: { kind: 'isolated', steps: 50_000_000 } })

describeWindow('The queue', (open) => {
  let page: Page

  beforeAll(async () => {
    const experiments = [endless('large', [0, 1, 2, 3, 4, 5, 6, 7]), endless('small', [0])]
    ;({ page } = await open({ prepare: (path) => queueExperiments(path, experiments), serve: ['--slots', '1'] }))
    await goTo(page, 'Machine')
    await queue().getByRole('option').nth(8).waitFor()
    await queue().evaluate((panel) => (panel.dataset['seen'] = 'before'))
  })

  const queue = () => page.getByRole('region', { name: 'Queue' })
  const options = () => queue().getByRole('option')
  const names = async () => (await options().locator('.name').allInnerTexts()).map((name) => name.replace(', seed', ''))

  it('stays as it is when the machine has been looked at, which takes seconds', async () => {
    await page.getByRole('region', { name: 'Backends' }).waitFor()
    expect(await queue().getAttribute('data-seen')).toBe('before')
  })

  it('shows what is computed and what waits, a small experiment behind one run of a large one', async () => {
    expect(await names()).toEqual([
      'large 0',
      'large 1',
      'small 0',
      ...[2, 3, 4, 5, 6, 7].map((seed) => `large ${seed}`),
    ])
    await expect.poll(() => options().first().innerText()).toMatch(/left\s+Running/)
    await expect.poll(() => options().nth(1).innerText()).toMatch(/1\s+large, seed 1\s+in .*\s+Queued/)
  })

  it('is put in another order, paused, and shortened by the keyboard', async () => {
    await options().first().focus()
    for (const key of ['End', 'Space', 'Alt+ArrowUp']) await page.keyboard.press(key)
    await expect.poll(async () => (await names()).slice(-2)).toEqual(['large 7', 'large 6'])
    await page.keyboard.press('n')
    await expect.poll(async () => (await names())[1]).toBe('large 7')
    await page.keyboard.press('Space')
    await queue().getByRole('button', { name: 'Pause all' }).press('Enter')
    await expect.poll(() => options().first().innerText()).toContain('Paused')
    await options().nth(2).focus()
    await page.keyboard.press('Delete')
    await expect.poll(names).not.toContain('large 1')
    await queue().getByRole('button', { name: 'Continue all' }).press('Enter')
    await expect.poll(() => options().first().innerText()).toContain('Running')
    // What runs next is what the list said.
    await options().first().focus()
    await page.keyboard.press('Delete')
    await expect.poll(async () => (await names())[0]).toBe('large 7')
    // What came in the place of the one that has gone was chosen by nobody.
    for (const name of ['Cancel', 'Run next'])
      await expect.poll(() => queue().getByRole('button', { name, exact: true }).isDisabled()).toBe(true)
  })

  it('is put in another order by dragging', async () => {
    const last = (await names()).at(-1)
    await options().last().dragTo(options().nth(1))
    await expect.poll(async () => (await names())[1]).toBe(last)
  })
})
