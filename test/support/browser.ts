import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Headless Chromium: the system's, else the one from the package registry, else Chrome or Edge; else why there is none. */
export async function launchBrowser(extraFlags: readonly string[] = []): Promise<Browser | { reason: string }> {
  const failures: string[] = []
  for (const [name, find] of candidates) {
    try {
      const options = await find()
      if (options) return await chromium.launch({ ...options, headless: true, args: [...flags, ...extraFlags] })
      failures.push(`${name} is not here`)
    } catch (error) {
      failures.push(`${name} does not start: ${String(error).split('\n', 1)[0]}`)
    }
  }
  return { reason: failures.join('; ') }
}

const candidates: [name: string, find: () => LaunchOptions | undefined | Promise<LaunchOptions | undefined>][] = [
  ...systemPaths.map((executablePath): (typeof candidates)[number] => [
    executablePath,
    () => (existsSync(executablePath) ? { executablePath } : undefined),
  ]),
  ['@sparticuz/chromium', packagedChromium],
  ['Chrome', () => ({ channel: 'chrome' })],
  ['Edge', () => ({ channel: 'msedge' })],
]

/** The package unpacks NSS beside its browser only where it believes itself on a server of Amazon's. */
async function packagedChromium(): Promise<LaunchOptions | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = join(tmpdir(), 'grokscope-chromium')
  mkdirSync(folder, { recursive: true })
  const own = { ...process.env }
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'nodejs24.x' })
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    const executablePath = await packaged.executablePath()
    return { executablePath, env: { ...own, LD_LIBRARY_PATH: join(folder, 'al2023/lib'), ...fonts(folder) } }
  } finally {
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, own)
  }
}

function fonts(folder: string): { FONTCONFIG_PATH?: string } {
  return existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }
}
