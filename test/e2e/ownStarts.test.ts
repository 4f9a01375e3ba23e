import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folders.ts'
import { npzOf } from '../support/npz.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('Starts from files', (open) => {
  const at = (name: string) => join(folder, name)
  const write = (name: string, hidden: number, speed: number) => {
    const data = Float64Array.from({ length: 5 * hidden }, (_, i) => Math.sin(speed * (i + 1)) / 3)
    writeFileSync(at(name), npzOf({ E: { shape: [5, hidden], data } }))
  }
  const spec = () => ({
    name: 'weights of my own',
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    initialization: { kind: 'file', path: at('a.npz') },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.003, weightDecay: 1, steps: 60 },
    record: { measureEvery: 20 },
    seeds: [0, 1],
  })
  let page: Page
  let folder: string
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  beforeAll(async () => {
    folder = temporaryFolder()
    write('a.npz', 16, 1)
    write('b.npz', 16, 3)
    write('wide.npz', 24, 5)
    ;({ page } = await open())
    await page.getByRole('link', { name: 'New', exact: true }).click()
  })

  it('are an axis of a sweep, which says at once where one does not fit', async () => {
    const editor = page.getByRole('textbox', { name: 'Specification as JSON' })
    await editor.press('ControlOrMeta+a')
    await editor.press('Backspace')
    await page.keyboard.insertText(JSON.stringify(spec()))
    await page.getByRole('button', { name: /Seeds and sweeps/ }).press('Enter')
    await page.getByRole('button', { name: 'Add an axis' }).press('Enter')
    const axis = page.getByRole('group', { name: 'Axis 1' })
    await axis.getByRole('button', { name: /^Field of axis 1/ }).press('Enter')
    await page.keyboard.type('file')
    await press('Enter')
    const values = axis.getByRole('textbox', { name: 'Values of file' })
    await values.fill(`${at('a.npz')}, ${at('wide.npz')}`)
    await axis.getByText(/E has shape \(5, 24\); this specification needs \(5, 16\)/).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Write a folder…' }).isDisabled()).toBe(true)
    await values.fill(`${at('a.npz')}, ${at('c.npz')}`)
    await axis.getByText(/c\.npz: no such file/).waitFor()
    await values.fill(`${at('a.npz')}, ${at('b.npz')}`)
    await page.getByText('2 cells × 2 seeds').waitFor()
  })

  it('go along in its folder: a task of it needs neither the files nor an archive', async () => {
    const cluster = at('cluster')
    const writeFolder = page.getByRole('button', { name: 'Write a folder…' })
    await expect.poll(() => writeFolder.isEnabled()).toBe(true)
    await writeFolder.press('Enter')
    await page.getByRole('dialog').getByRole('textbox').fill(cluster)
    await press('Enter')
    await expect.poll(() => existsSync(join(cluster, 'sweep.json'))).toBe(true)
    await page
      .getByText(/: 0 of 4 ended/)
      .first()
      .waitFor()
    expect(readdirSync(join(cluster, 'starts'))).toHaveLength(2)
    for (const name of ['a.npz', 'b.npz']) rmSync(at(name))
    const task = [join(cluster, 'program/task.mjs'), cluster, '0']
    const { status, stdout, stderr } = spawnSync(process.execPath, task, { env: {}, encoding: 'utf8' })
    expect([status, stdout, stderr]).toEqual([0, 'task 0: 4 finished, 0 failed, 0 left\n', ''])
    await page
      .getByText(/: 4 of 4 ended/)
      .first()
      .waitFor()
  })
})
