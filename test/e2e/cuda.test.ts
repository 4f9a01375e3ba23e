import { expect, it } from 'vitest'
import { provideStub, whyNoStub } from '../support/cuda/stubCuda.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'An isolated layer on CUDA',
  (open) => {
    it.skipIf(whyNoStub)(`is started in the window, which names the card (${whyNoStub ?? 'a stand-in'})`, async () => {
      provideStub()
      const { page } = await open({ serve: ['--backend', 'cuda'] })
      const fill = (field: RegExp, text: string) => page.getByRole('textbox', { name: field }).fill(text)
      await page.getByRole('link', { name: 'New', exact: true }).click()
      await fill(/^Modulus/, '7')
      await page.getByRole('button', { name: /^Continue to/ }).click()
      await fill(/^Hidden/, '32')
      await fill(/^Steps/, '50')
      await page.getByRole('button', { name: /^Start \d+ runs?$/ }).click()
      await page.getByText('Finished', { exact: true }).first().waitFor()

      await page.getByRole('link', { name: 'Provenance', exact: true }).click()
      const fact = (term: string) => page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]')
      await fact('Device').waitFor()
      expect(await fact('Device').innerText()).toMatch(/^stand-in on the processor, for tests: .* cuBLAS 12\.1\.3/)
      expect(await fact('Backend').innerText()).toBe('cuda, float64')
    })
  },
  { inElectron: false },
)
