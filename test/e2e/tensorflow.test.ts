import { expect, it } from 'vitest'
import { findTensorFlow } from '../../src/main/lab/backend/findTensorFlow.ts'
import { describeWindow } from './laboratoryWindow.ts'

const { missing } = await findTensorFlow()

describeWindow(
  'Training on TensorFlow',
  (open) => {
    it.skipIf(missing)(`is started in the window, which names the device (${missing?.reason ?? 'found'})`, async () => {
      const { page } = await open({ serve: ['--backend', 'tensorflow'] })
      const fill = (field: RegExp, text: string) => page.getByRole('textbox', { name: field }).fill(text)
      await page.getByRole('link', { name: 'New', exact: true }).click()
      await page.getByRole('button', { name: /^Template/ }).click()
      await page.getByRole('menuitemradio', { name: 'AdamW on the cross-entropy' }).click()
      await fill(/^Modulus/, '11')
      await page.getByRole('button', { name: /^Continue to/ }).click()
      await page.getByRole('button', { name: 'float32' }).click()
      await fill(/^Hidden/, '32')
      await fill(/^Steps/, '100')
      await page.getByRole('button', { name: /^Start \d+ runs?$/ }).click()
      await page.getByText('Finished', { exact: true }).first().waitFor()

      await page.getByRole('link', { name: 'Provenance', exact: true }).click()
      const fact = (term: string) => page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]')
      await fact('Device').waitFor()
      expect(await fact('Device').innerText()).toMatch(/TensorFlow \d\.\d+\.\d+, TensorFlow\.js \d/)
      expect(await fact('Backend').innerText()).toBe('tensorflow, float32')
    })
  },
  { inElectron: false },
)
