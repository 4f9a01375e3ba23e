import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

/** Those of its rules that can come out otherwise where only colors change. */
const rulesAboutColors = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds that keeps a person out: each rule with the elements and what is wrong with them. `colors`: only what its rules about
 * colors find, where nothing else has changed since all were asked.
 */
export async function inspect(page: Page, { colors = false } = {}): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  const options: RunOptions = { resultTypes: ['violations'], ...(colors ? { runOnly: rulesAboutColors } : {}) }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.failureSummary})`))
}
