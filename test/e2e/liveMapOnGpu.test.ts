import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { goTo } from '../support/browserPage.ts'
import { software } from '../support/softwareGpu.ts'
import { describeWindow } from './laboratoryWindow.ts'

const spec = {
  name: 'on a GPU',
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.8 },
    network: { hidden: 32 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 60 },
    record: { measureEvery: 10 },
  },
  axes: [
    { field: 'task.trainFraction', values: [0.5, 0.8] },
    { field: 'dynamics.weightDecay', values: [0.1, 1, 10] },
  ],
  seeds: 2,
}
const { base } = spec
const long = { ...spec, name: 'longer', base: { ...base, dynamics: { ...base.dynamics, steps: 1_000_000 } } }

describeWindow('A live map on a GPU', (open) => {
  it.skipIf(!software.gpu)(
    `fills batch by batch, opens a cell, and is kept under its arithmetic (${software.name})`,
    async () => {
      const { page, archivePath } = await open()
      await page.getByRole('navigation', { name: 'Places' }).waitFor()
      const slider = 'dynamics.learningRate:0.001:0.1'
      const address = new URLSearchParams({ spec: JSON.stringify(spec), from: 'own', slider, seeds: '2' })
      await goTo(page, `/sweeps/live?${address.toString()}`)
      const computedOn = page.getByRole('complementary', { name: 'Plane' }).getByRole('region', { name: 'Computed on' })
      await computedOn.getByRole('button', { name: 'GPU' }).click()
      await computedOn.getByText(/^In float32, on software, for tests: swiftshader.*many runs at once\.$/).waitFor()
      await page.getByText(/^12 of 12 runs ended/).waitFor()
      expect(new URL(page.url()).hash).toContain('on=gpu')

      const readings = async () => {
        await page.getByRole('button', { name: 'Accuracy: data as table' }).click()
        const text = await page.getByRole('dialog').getByRole('table').innerText()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        return text
      }
      const map = page.getByRole('application', { name: /6 cells over/ })
      await map.focus()
      for (const key of ['ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
      const runs = page.getByRole('region', { name: 'Runs of the cell' })
      await expect.poll(() => runs.getByText('finished').count()).toBe(2)
      const before = await readings()
      const exactly = page.getByRole('textbox', { name: 'learning rate, exactly' })
      await exactly.fill('0.02')
      await exactly.press('Enter')
      await page.getByText(/^12 of 12 runs ended/).waitFor()

      // Empty at first, as none of the new plane is computed.
      await expect.poll(readings).not.toBe(before)
      await page.getByText(/^12 of 12 runs ended/).waitFor()
      await page.getByRole('button', { name: 'Keep', exact: true }).click()
      await page.getByText('Complete', { exact: true }).waitFor()
      const [kept] = readdirSync(archivePath.replace(/\.grokscope$/, '-sweeps'), { withFileTypes: true })
      const folder = join(kept!.parentPath, kept!.name)
      expect(readdirSync(join(folder, 'journals'))).toHaveLength(12)
      const stored = JSON.parse(readFileSync(join(folder, 'sweep.json'), 'utf8')) as object
      expect(stored).toMatchObject({
        gpu: expect.stringMatching(/^software, for tests: swiftshader.*many runs at once$/) as string,
        spec: { base: { precision: 'float32', dynamics: { learningRate: 0.02 } } },
      })
      await page.getByRole('application', { name: /cells over/ }).waitFor()

      // What the GPU has not computed is computed in the terminal.
      await goTo(page, `/sweeps/live?${new URLSearchParams({ spec: JSON.stringify(long), from: 'own', on: 'gpu' })}`)
      await computedOn.getByText(/many runs at once/).waitFor()
      await page.getByRole('button', { name: 'Keep', exact: true }).click()
      await page.getByText(/^grokscope sweep run .* --on gpu$/).waitFor()
      expect(await page.getByRole('button', { name: /^(Run|Continue) here$/ }).count()).toBe(0)
    },
  )
})
