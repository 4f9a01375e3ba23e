import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { templates } from '../../src/shared/specification/templates.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('The wizard', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open())
    await page.getByRole('link', { name: 'New', exact: true }).click()
  })

  it('says at the field what is wrong with it, and lets nothing start before it is right', async () => {
    const modulus = page.getByRole('textbox', { name: /^Modulus/ })
    const start = page.getByRole('button', { name: /^Start \d+ runs?$/ })
    await modulus.fill('1')
    await expect.poll(() => modulus.getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => start.isDisabled()).toBe(true)
    await page.getByText('1 field needs attention').waitFor()
    // The buttons of the footer are in one line, also beside what is said of mistakes.
    const wide = page.viewportSize()
    await page.setViewportSize({ width: 1280, height: 800 })
    const buttons = page.locator('footer').getByRole('button')
    const tops = await buttons.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top))
    expect(tops.length).toBeGreaterThan(2)
    expect(new Set(tops).size).toBe(1)
    if (wide) await page.setViewportSize(wide)
    await modulus.fill('7')
    await expect.poll(() => modulus.getAttribute('aria-invalid')).toBe('false')
    await expect.poll(() => start.isEnabled()).toBe(true)
  })

  it('leads through its steps to a finished run of every seed', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('through the wizard')
    const next = page.getByRole('button', { name: /^Continue to/ })
    const seen: string[] = []
    while (await next.isVisible()) {
      seen.push(await page.getByRole('navigation', { name: 'Steps' }).locator('[aria-current=step]').innerText())
      const hidden = page.getByRole('textbox', { name: /^Hidden units/ })
      if (await hidden.isVisible()) await hidden.fill('64')
      const steps = page.getByRole('textbox', { name: /^Steps/ })
      if (await steps.isVisible()) await steps.fill('300')
      await next.click()
    }
    expect(seen.length).toBeGreaterThanOrEqual(4)
    await page.getByRole('heading', { name: 'Review' }).waitFor()
    await page.getByRole('button', { name: 'Start 3 runs' }).click()
    await page.getByText('through the wizard', { exact: true }).waitFor()
    await page.getByText('3 seeds', { exact: true }).waitFor()
    await page.getByText('Finished', { exact: true }).waitFor()
  })

  it('is written as JSON too: completed, explained, and marked where it is wrong', async () => {
    await page.getByRole('link', { name: 'New', exact: true }).click()
    const editor = page.getByRole('textbox', { name: 'Specification as JSON' })
    // By the editor's own keys: what a browser replaces over several lines by itself, it styles, which the page's policy forbids.
    const empty = async () => {
      await editor.press('ControlOrMeta+a')
      await editor.press('Backspace')
    }
    await empty()
    await page.keyboard.insertText('{ "task": { "kind": "modularAddition", "modulus": 1, "trainFraction": 0.7 } }')
    await expect.poll(() => page.locator('.cm-lintRange-error').allInnerTexts()).toContain('1')
    await editor.getByText('"modulus"').hover()
    await page.getByText('2 to 509').last().waitFor()

    const start = page.getByRole('button', { name: /^Start \d+ runs?$/ })
    for (const [text, message] of [
      ['{ "task": NaN }', 'Line 1: a value is expected here, not NaN'],
      ['[{ "seeds": [0] }, { "seeds": [1] }]', 'Line 1: a specification is an object, not a list of 2'],
    ] as const) {
      await empty()
      await page.keyboard.insertText(text)
      await page.getByText(message, { exact: true }).waitFor()
      await expect.poll(() => start.isDisabled()).toBe(true)
    }

    await empty()
    await editor.pressSequentially('{ "dynamics": { "kind": "training", "wei')
    // The editor takes no key for its list in the first moments after it opened.
    await page.getByRole('option', { name: /"weightDecay"/ }).click()
    await expect.poll(() => editor.innerText()).toContain('"weightDecay": ')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Discard' }).click()
  })

  it('opens a specification that is dropped on it, over its JSON too, and says which of a list it takes', async () => {
    const editor = page.getByRole('textbox', { name: 'Specification as JSON' })
    const list = ['the first', 'the second'].map((name) => ({ ...templates.training, name }))
    for (const [target, value, name] of [
      [editor, templates.isolated, templates.isolated.name],
      [page.getByRole('main').getByRole('textbox', { name: 'Name' }), list, 'the first'],
    ] as const) {
      const dataTransfer = await page.evaluateHandle((text) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([text], 'mine.JSON', { type: 'application/json' }))
        return transfer
      }, JSON.stringify(value))
      await target.dispatchEvent('drop', { dataTransfer })
      await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe(name)
      await expect.poll(async () => (await editor.innerText()).startsWith('{')).toBe(true)
    }
    await page.getByText('the first of the 2 specifications in mine.JSON').waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
  })
})
