import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folders.ts'
import { npzOf } from '../support/npz.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('Data from a file', (open) => {
  const X = { shape: [40, 6], data: Float64Array.from({ length: 240 }, (_, i) => Math.sin(i * i)) }
  const write = (Y: Int32Array | Float64Array) => writeFileSync(file, npzOf({ X, Y: { shape: [40], data: Y } }))
  let page: Page
  let folder: string
  let file: string

  beforeAll(async () => {
    folder = temporaryFolder()
    file = join(folder, 'patterns.npz')
    ;({ page } = await open())
    await page.getByRole('link', { name: 'New', exact: true }).click()
  })

  const path = () => page.getByRole('textbox', { name: /^Data file/ })
  const start = () => page.getByRole('button', { name: /^Start \d+ runs?$/ })

  it('is told at its field where it cannot be taken, and what it holds where it can', async () => {
    await page.getByRole('button', { name: /^Task/ }).last().click()
    await page.getByRole('menuitemradio', { name: 'data from a file' }).click()
    await expect.poll(() => start().isDisabled()).toBe(true)
    await path().fill(file)
    await page.getByText(`${file}: no such file`).waitFor()
    write(Int32Array.from({ length: 40 }, (_, i) => (i % 2) * 2))
    await path().fill(`${file} `)
    await path().fill(file)
    await page.getByText('Y has no sample of class 1; every class from 0 to 2 needs at least one').waitFor()
    write(Int32Array.from({ length: 40 }, (_, i) => i % 4))
    await path().fill(`${file} `)
    await path().fill(file)
    await page.getByText('40, m = 6, 4 classes').waitFor()
    await expect.poll(() => path().getAttribute('aria-invalid')).toBe('false')
    await expect.poll(() => start().isEnabled()).toBe(true)
    await page.getByRole('button', { name: /^Split/ }).click()
    await page.getByRole('menuitemradio', { name: 'a list' }).waitFor()
    expect(await page.getByRole('menuitemradio', { name: 'a block held out' }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  it('that has changed is taken as it is now where a person says so', async () => {
    write(Float64Array.from({ length: 40 }, (_, i) => i / 40))
    await page.reload()
    await page.getByText('the file has changed since the data of this specification was read').waitFor()
    await page.getByRole('button', { name: 'Take the file as it is now' }).click()
    await page.getByText('40, m = 6, 1 real target').waitFor()
    await expect.poll(() => start().isEnabled()).toBe(true)
  })

  it('is run, and what such a task lacks is not offered', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('patterns of my own')
    await start().click()
    await page.getByText('Finished', { exact: true }).waitFor()
    await page.getByText('patterns.npz', { exact: false }).first().waitFor()
    for (const absent of ['Accuracy', 'Events', 'Half rise']) {
      expect(await page.getByText(absent, { exact: true }).count()).toBe(0)
    }
    const tabs = page.getByRole('navigation', { name: 'Views of the run' }).getByRole('link')
    expect(await tabs.allTextContents()).toEqual(['Curves', 'Matrices', 'Geometry', 'Chattering', 'Provenance'])
  })

  it('goes along with a sweep that is set up in New, and its runs show it', async () => {
    await page.getByRole('link', { name: 'New', exact: true }).click()
    await page.getByRole('button', { name: /^Task/ }).last().click()
    await page.getByRole('menuitemradio', { name: 'data from a file' }).click()
    await path().fill(file)
    await page.getByText('40, m = 6, 1 real target').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('patterns in a plane')
    await page.getByRole('button', { name: /Seeds and sweeps/ }).click()
    await page.getByRole('button', { name: 'Add an axis' }).click()
    const axis = page.getByRole('group', { name: 'Axis 1' })
    await axis.getByRole('textbox', { name: 'number of values' }).fill('2')
    await axis.getByText(/^2 values: /).waitFor()
    await page.getByText('2 cells × 3 seeds').waitFor()
    const cluster = join(folder, 'cluster')
    await page.getByRole('button', { name: 'Write a folder…' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill(cluster)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'patterns in a plane' }).waitFor()
    expect(readdirSync(cluster)).toEqual(expect.arrayContaining(['data', 'program', 'sweep.json']))
    // The file is not needed any more.
    rmSync(file)
    await page.getByRole('button', { name: 'Run here' }).click()
    await page.getByText('Complete', { exact: true }).waitFor()
    await page.getByText('6 of 6', { exact: true }).waitFor()
    await expect.poll(() => page.getByRole('columnheader', { name: 'generalized' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Runs', exact: true }).last().click()
    await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 1' }).first().click()
    await page.getByText('patterns.npz', { exact: false }).first().waitFor()
    expect(page.url()).toContain('/runs/')
  })

  it('is swept by the keyboard alone; a task of its folder needs neither the file nor an archive', async () => {
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    write(Float64Array.from({ length: 40 }, (_, i) => i / 40))
    await press('Escape', 'g', 'n')
    await page.getByRole('textbox', { name: 'Name' }).focus()
    await press('ControlOrMeta+a')
    await page.keyboard.type('patterns by keys')
    await page.getByText('40, m = 6, 1 real target').waitFor()
    await page.getByText('2 cells × 3 seeds').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Run 6 runs here' }).isEnabled()).toBe(true)
    await press('ControlOrMeta+Enter')
    await page.getByRole('heading', { name: 'patterns by keys' }).waitFor()
    await page.getByText('Complete', { exact: true }).waitFor()
    await page.getByText('6 of 6', { exact: true }).waitFor()

    const cluster = join(folder, 'another')
    await press('g', 'n')
    const writeFolder = page.getByRole('button', { name: 'Write a folder…' })
    await expect.poll(() => writeFolder.isEnabled()).toBe(true)
    await writeFolder.press('Enter')
    await page.getByRole('dialog').getByRole('textbox').focus()
    await page.keyboard.type(cluster)
    await press('Enter')
    await expect.poll(() => existsSync(join(cluster, 'sweep.json'))).toBe(true)
    await page
      .getByText(/: 0 of 6 ended/)
      .first()
      .waitFor()
    rmSync(file)
    const task = [join(cluster, 'program/task.mjs'), cluster, '0']
    const { status, stdout, stderr } = spawnSync(process.execPath, task, { env: {}, encoding: 'utf8' })
    expect([status, stdout, stderr]).toEqual([0, 'task 0: 6 finished, 0 failed, 0 left\n', ''])
    await page
      .getByText(/: 6 of 6 ended/)
      .first()
      .waitFor()
  })
})
