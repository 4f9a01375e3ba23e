import { expect, it } from 'vitest'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('Paper', (open) => {
  it('runs a figure, draws it and tells what came of its claims', async () => {
    const { page } = await open()
    const card = page.getByRole('article', { name: /^Fig\. 1/ })
    await card.getByRole('button', { name: 'Run' }).click()
    await card.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    const claims = page.getByRole('complementary').getByRole('listitem')
    await claims.first().waitFor()
    for (const claim of await claims.all()) {
      await expect.poll(() => claim.getByRole('img').getAttribute('aria-label')).toBe('holds')
    }
  })
})
