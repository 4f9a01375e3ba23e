import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { describeWindow, offered } from './laboratoryWindow.ts'

const base = {
  name: 'small plane',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 3000 },
  seeds: [0, 1],
  record: { measureEvery: 100, snapshots: 'events' },
}

describeWindow('A sweep, without a pointer', (open) => {
  let page: Page
  let isServed: boolean
  let archivePath: string

  beforeAll(async () => {
    const window = await open()
    ;({ page, archivePath } = window)
    isServed = window.host !== undefined
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
  })

  it('says what it is where there is none, and offers some to begin with', async () => {
    await press(page, 'g', 's')
    await page.getByText(/^A sweep is an experiment over a plane/).waitFor()
    await page.getByRole('link', { name: 'Set it up' }).first().focus()
    await press(page, 'Enter')
    await page.getByText('12 cells × 3 seeds').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Run 36 runs here' }).isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Discard' }).focus()
    await press(page, 'Enter')
  })

  it('may be pasted in place of an experiment, which can be had back', async () => {
    await page.getByRole('link', { name: 'New', exact: true }).press('Enter')
    const experiment = page.getByRole('textbox', { name: 'Specification as JSON' })
    await experiment.press('ControlOrMeta+a')
    await experiment.press('Backspace')
    const { name, seeds, ...of } = base
    const axes = [{ field: 'dynamics.weightDecay', values: [0.5, 2] }]
    const pasted = JSON.stringify({ name, base: of, axes, seeds })
    const paste = () => page.keyboard.insertText(pasted)
    const undo = await offered(page, 'Undo', 'A sweep in place of the experiment', paste)
    await page.getByText('2 cells × 2 seeds').waitFor()
    const sweep = page.getByRole('textbox', { name: 'Sweep as JSON' })
    await expect.poll(() => sweep.evaluate((editor) => editor.matches(':focus'))).toBe(true)
    await undo.press('Enter')
    await experiment.waitFor()
    expect(await sweep.count()).toBe(0)
  })

  it('has axes of any fields, and says at each what is wrong with it', async () => {
    const editor = page.getByRole('textbox', { name: 'Specification as JSON' })
    await editor.press('ControlOrMeta+a')
    await editor.press('Backspace')
    await page.keyboard.insertText(JSON.stringify(base))
    await enter(page, 'button', /Seeds and sweeps/)
    await enter(page, 'button', 'Add an axis')
    const first = page.getByRole('group', { name: 'Axis 1' })
    await type(page, first.getByRole('textbox', { name: 'from' }), '0')
    await first.getByText(/a log range lies above 0/).waitFor()
    const run = page.getByRole('button', { name: /^Run .*here$/ })
    await expect.poll(() => run.isDisabled()).toBe(true)
    await type(page, first.getByRole('textbox', { name: 'from' }), '0.25')
    await type(page, first.getByRole('textbox', { name: 'number of values' }), '3')
    await first.getByText('3 values: 0.25, 1, 4').waitFor()
    await enter(page, 'button', 'Add an axis')
    const second = page.getByRole('group', { name: 'Axis 2' })
    await second.getByRole('button', { name: /^Field of axis 2/ }).focus()
    await press(page, 'Enter')
    await page.keyboard.type('activation')
    await press(page, 'Enter')
    for (const word of ['relu', 'tanh']) {
      await second.getByRole('button', { name: word, exact: true }).focus()
      await press(page, 'Enter')
    }
    await second.getByText(/^2 values: /).waitFor()
    await page.getByText('6 cells × 2 seeds').waitFor()
    await page.getByRole('button', { name: 'Run 12 runs here' }).waitFor()
  })

  it('is written as JSON too: kept while it is broken, completed, marked where it is wrong, and one with its axes', async () => {
    const editor = page.getByRole('textbox', { name: 'Sweep as JSON' })
    const write = async (text: string) => {
      await editor.press('ControlOrMeta+a')
      await editor.press('Backspace')
      await page.keyboard.insertText(text)
    }
    await write('{ "axes": [{ "field": "network.activation", ')
    await page.getByText('the JSON is broken').waitFor()
    await page.reload()
    await expect.poll(() => editor.innerText()).toContain('"network.activation"')
    await page.getByText('the JSON is broken').waitFor()
    await editor.press('ControlOrMeta+End')
    await page.keyboard.type('"val')
    // The editor takes no key for its list in the first moments after it opened.
    await page.getByRole('option', { name: /"values"/ }).click()
    await expect.poll(() => editor.innerText()).toContain('"values": []')

    const { name, seeds, ...of } = base
    const decay = { field: 'dynamics.weightDecay', from: -1, to: 4, count: 2, scale: 'log' }
    const axes = [decay, { field: 'network.activation', values: ['relu', 'tanh'] }]
    await write(JSON.stringify({ name, base: of, axes, seeds }))
    await expect.poll(() => page.locator('.cm-lintRange-error').allInnerTexts()).toContain('-1')
    await expect.poll(() => page.getByRole('button', { name: /^Run .*here$/ }).isDisabled()).toBe(true)
    await write(JSON.stringify({ name, base: of, axes: [{ ...decay, from: 0.25 }, axes[1]], seeds }))
    await page.getByText('4 cells × 2 seeds').waitFor()
    await enter(page, 'button', /Seeds and sweeps/)
    const first = page.getByRole('group', { name: 'Axis 1' })
    await first.getByText('2 values: 0.25, 4').waitFor()
    await page.getByRole('group', { name: 'Axis 2' }).getByText('2 values: relu, tanh').waitFor()
    await type(page, first.getByRole('textbox', { name: 'number of values' }), '3')
    await expect.poll(() => editor.innerText()).toContain('"count": 3')
    await page.getByText('6 cells × 2 seeds').waitFor()
    await page.getByRole('button', { name: 'Run 12 runs here' }).waitFor()
  })

  it('is begun, goes on when the page is closed, and is found again', async () => {
    await press(page, 'ControlOrMeta+Enter')
    await page.getByRole('heading', { name: 'small plane' }).waitFor()
    await closeAndComeBack(page, isServed)
    await press(page, 'g', 's')
    await page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'small plane' }).focus()
    await press(page, 'Enter')
    await page.getByText('Complete', { exact: true }).waitFor()
    await page.getByText(/^6 cells × 2 seeds: 12 of 12 ended/).waitFor()
    await page.getByText('12 of 12', { exact: true }).waitFor()
    expect(existsSync(join(archivePath.replace(/\.grokscope$/, '-sweeps'), 'small-plane', 'sweep.json'))).toBe(true)
    await page.getByRole('columnheader', { name: 'generalized' }).waitFor()
    const cells = page.getByRole('grid', { name: 'Cells' })
    await cells.focus()
    await press(page, 'End')
    await expect.poll(() => cells.locator('[aria-selected=true]').innerText()).toMatch(/^6\s+4\s+tanh\s+finished$/)
  })

  it('has its runs in the archive, to be compared', async () => {
    await enter(page, 'link', 'Runs')
    const runs = page.getByRole('grid', { name: 'Runs' })
    await runs.getByText('seed 1').first().waitFor()
    await expect.poll(() => page.locator('.topbar .crumb').innerText()).toMatch(/^12\b/)
    await press(page, 'g', 's')
    await page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'small plane' }).focus()
    await press(page, 'Enter')
    await enter(page, 'link', 'Compare', page.getByRole('complementary', { name: 'Cell and sweep' }))
    await page
      .getByRole('application', { name: /^Accuracy|^Test accuracy/ })
      .first()
      .waitFor()
  })

  it('is looked at as a map, cell by cell, in a color, and in a figure', async () => {
    await press(page, 'g', 's')
    await page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'small plane' }).focus()
    await press(page, 'Enter')
    const map = page.getByRole('application', { name: /6 cells over/ })
    await map.focus()
    await press(page, 'ArrowUp', 'ArrowUp', 'ArrowRight', 'Enter')
    const cells = page.getByRole('grid', { name: 'Cells' })
    await expect.poll(() => cells.locator('[aria-selected=true]').innerText()).not.toMatch(/^1\s/)
    await enter(page, 'button', /^Color: /)
    await page.keyboard.type('phase')
    await press(page, 'Enter')
    await page.getByText('memorization', { exact: true }).waitFor()
    const delay = page.getByRole('textbox', { name: /^Smallest delay that counts/ })
    await type(page, delay, '0')
    await press(page, 'Enter')
    await page.getByText(/^delay: 0 is too small; allowed: at least 1/).waitFor()
    await type(page, delay, '250')
    await press(page, 'Enter')
    await page.getByText(/grokking is a delay of 250 steps or more$/).waitFor()
    await enter(page, 'button', 'Five more seeds')
    await expect.poll(() => page.getByRole('link', { name: '6', exact: true }).count()).toBe(1)
    await enter(page, 'button', /: export$/, page.getByRole('main'))
    await page.keyboard.type('Add to')
    await press(page, 'Enter')
    await enter(page, 'button', 'Open')
    const proof = page.getByRole('img', { name: 'The figure in true size' })
    await expect.poll(() => proof.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  })

  it('is refined: what it takes is said before, and computed when that is wanted', async () => {
    await press(page, 'g', 's')
    await page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'small plane' }).focus()
    await press(page, 'Enter')
    await enter(page, 'button', /^Color: /)
    await page.keyboard.type('phase')
    await press(page, 'Enter')
    await type(page, page.getByRole('textbox', { name: /^Steps within/ }), '1')
    await press(page, 'Enter')
    await enter(page, 'button', 'Refine…')
    await page.getByText('All neighbors agree; there is nothing to refine.').waitFor()
    await press(page, 'Escape')
    // A dialog that closes takes the focus back to where it was opened, wherever that has gone meanwhile.
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const refine = page.getByRole('button', { name: 'Refine…' })
    await expect.poll(() => refine.evaluate((button) => button === document.activeElement)).toBe(true)
    await type(page, page.getByRole('textbox', { name: /^Steps within/ }), '400')
    await press(page, 'Enter')
    await enter(page, 'button', 'Refine…')
    const said = await page.getByText(/^Round 1: \d+ cells? × 2 seeds/).innerText()
    const cells = Number(/(\d+) cell/.exec(said)![1])
    expect(cells).toBeGreaterThan(0)
    await enter(page, 'button', new RegExp(`^Add ${cells} `))
    await page.getByText(`${6 + cells} cells × 2 seeds: 12 of ${12 + 2 * cells} ended`).waitFor()
    await page.getByRole('application', { name: new RegExp(`${6 + cells} cells over`) }).waitFor()
    await enter(page, 'button', 'Run here')
    await page.getByText(new RegExp(`: ${12 + 2 * cells} of ${12 + 2 * cells} ended`)).waitFor()
  })

  it('is paused and continued, listed no longer, and opened again by its folder', async () => {
    await press(page, 'g', 'n')
    await enter(page, 'button', /Network and dynamics/)
    await type(page, page.getByRole('textbox', { name: /^Steps/ }), '2000000')
    await expect.poll(() => page.getByRole('button', { name: 'Run 12 runs here' }).isEnabled()).toBe(true)
    await press(page, 'ControlOrMeta+Enter')
    await page.getByText('Computing', { exact: true }).waitFor()
    await press(page, 'p')
    await page.getByRole('button', { name: 'Continue here' }).waitFor()
    const path = await page.locator('.path').innerText()
    expect(path).toMatch(/small-plane-2$/)
    await enter(page, 'button', 'No longer list it')
    await page.getByRole('list', { name: 'Sweeps' }).waitFor()
    await expect.poll(() => page.getByRole('list', { name: 'Sweeps' }).getByRole('listitem').count()).toBe(1)
    await enter(page, 'button', 'Undo')
    await expect.poll(() => page.getByRole('list', { name: 'Sweeps' }).getByRole('listitem').count()).toBe(2)
    await enter(page, 'button', 'Continue here: small plane')
    await page.getByText('Computing', { exact: true }).waitFor()
    await enter(page, 'button', 'Pause: small plane')
    await page.getByRole('button', { name: 'Continue here: small plane' }).waitFor()
  })
})

/** Electron leads its page nowhere else. */
async function closeAndComeBack(page: Page, isServed: boolean) {
  const address = page.url()
  if (isServed) await page.goto('about:blank')
  await (isServed ? page.goto(address) : page.reload())
  // Before its archive is open a page has no keys.
  await page.getByRole('navigation', { name: 'Places' }).waitFor()
}

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

async function enter(
  page: Page,
  role: 'button' | 'link',
  name: string | RegExp,
  within: Pick<Page, 'getByRole'> = page,
) {
  const found = within.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first()
  // What is drawn anew meanwhile does not take the key away.
  await found.press('Enter')
}

async function type(page: Page, field: ReturnType<Page['getByRole']>, text: string) {
  await field.focus()
  await press(page, 'ControlOrMeta+a')
  await page.keyboard.type(text)
}
