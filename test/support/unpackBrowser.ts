import { launchBrowser } from './browser.ts'

/** Before files run side by side: the browser from the package registry unpacks itself at its first start. */
export default async function unpackBrowser() {
  const browser = await launchBrowser()
  if (!('reason' in browser)) await browser.close()
}
