import { expect, it } from 'vitest'
import { slowHost } from '../support/browserPage.ts'
import { software } from '../support/softwareGpu.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'What computes a new run',
  (open) => {
    it.skipIf(!software.gpu)(`is chosen in New, where a device says what it takes (${software.name})`, async () => {
      const { page } = await open()
      const host = await slowHost(page)
      await page.reload()
      const fill = (field: RegExp, text: string) => page.getByRole('textbox', { name: field }).fill(text)
      await page.getByRole('link', { name: 'New', exact: true }).click()
      const menu = page.getByRole('button', { name: /^Computed by/ })
      // An isolated layer, in float64.
      await menu.click()
      const device = page.getByRole('menuitemradio', { name: /^WebGPU/ })
      await device.and(page.locator('[data-disabled]')).waitFor()
      expect(await device.innerText()).toContain(
        'dynamics.kind: "isolated" is not allowed with WebGPU, which computes "training" only',
      )
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: /^Template/ }).click()
      await page.getByRole('menuitemradio', { name: 'AdamW on the cross-entropy' }).click()
      await fill(/^Modulus/, '7')
      await page.getByRole('button', { name: /^Continue to/ }).click()
      await page.getByRole('button', { name: 'float32' }).click()
      // Small: a busy processor stands in for the GPU.
      await fill(/^Hidden/, '16')
      await fill(/^Steps/, '40')
      await menu.click()
      await device.click()
      const estimate = page.getByRole('region', { name: 'Estimate' })
      await estimate.getByText(/A step on WebGPU: [\d.]+ ms, measured; chosen automatically: [\d.]+ ms\./).waitFor()
      // However soon the run begins, what comes before it is shown.
      host.hold((told) => 'event' in told && told.event === 'run.preparing' && !told.data.preparation)
      await page.getByRole('button', { name: /^Start \d+ runs?$/ }).click()
      await page
        .getByRole('status')
        .getByText(/^testing the device$|^compiling kernels \(\d of \d\)$/)
        .waitFor()
      host.release()
      await page.getByText('Finished', { exact: true }).first().waitFor()
      await page.getByRole('link', { name: 'Provenance', exact: true }).click()
      const fact = (term: string) => page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]')
      await fact('Device').waitFor()
      expect(await fact('Device').innerText()).toMatch(/^software, for tests: swiftshader/)
      expect(await fact('Backend').innerText()).toBe('webgpu, float32')
    })
  },
  { inElectron: false },
)
