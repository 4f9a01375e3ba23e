import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './support/browser.ts'

/** `npm run icons`: draws the program's icon in the sizes and files of each system, from `resources/icon.svg`. */

const resources = join(import.meta.dirname, '../resources')
const linuxSizes = [16, 24, 32, 48, 64, 96, 128, 256, 512]
const windowsSizes = [16, 24, 32, 48, 64, 128, 256]
/** Apple's names for pictures of so many pixels. */
const appleTypes = { icp4: 16, icp5: 32, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 }

const browser = await launchBrowser()
if ('reason' in browser) throw new Error(browser.reason)
const pictures = await drawAll(browser, [...new Set([...linuxSizes, ...windowsSizes, ...Object.values(appleTypes)])])
await browser.close()

mkdirSync(join(resources, 'icons'), { recursive: true })
for (const size of linuxSizes) writeFileSync(join(resources, `icons/${size}x${size}.png`), pictures.get(size)!)
writeFileSync(join(resources, 'icon.png'), pictures.get(512)!)
writeFileSync(join(resources, 'icon.ico'), windowsIcon())
writeFileSync(join(resources, 'icon.icns'), appleIcon())

async function drawAll(from: Browser, sizes: readonly number[]): Promise<Map<number, Buffer>> {
  const drawing = readFileSync(join(resources, 'icon.svg'), 'utf8')
  const drawn = new Map<number, Buffer>()
  for (const size of sizes) {
    const page = await from.newPage({ viewport: { width: size, height: size } })
    await page.setContent(
      `<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawing}`,
    )
    drawn.set(size, await page.screenshot({ omitBackground: true }))
    await page.close()
  }
  return drawn
}

/** A directory of pictures, then the pictures; 256 is written as 0. */
function windowsIcon(): Buffer {
  const head = Buffer.alloc(6 + 16 * windowsSizes.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(windowsSizes.length, 4)
  let offset = head.length
  windowsSizes.forEach((size, index) => {
    const entry = 6 + 16 * index
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(pictures.get(size)!.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += pictures.get(size)!.length
  })
  return Buffer.concat([head, ...windowsSizes.map((size) => pictures.get(size)!)])
}

/** Each picture after its type and length, all after those of the file. */
function appleIcon(): Buffer {
  const entries = Object.entries(appleTypes).map(([type, size]) => chunk(type, pictures.get(size)!))
  return chunk('icns', Buffer.concat(entries))
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(head.length + content.length, 4)
  return Buffer.concat([head, content])
}
