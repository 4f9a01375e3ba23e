import type { Page, WebSocketRoute } from 'playwright-core'
import { expect, it } from 'vitest'
import { openArchive } from '../../src/main/store/archive.ts'
import { queueExperiments, smallExperiment } from '../support/browserArchive.ts'
import { portOfItsOwn, startBrowserHost } from '../support/browserHost.ts'
import { goTo, slowHost } from '../support/browserPage.ts'
import { writeKnownSweep } from '../support/knownSweep.ts'
import { connectTo } from '../support/socketClient.ts'
import { describeWindow } from './laboratoryWindow.ts'

const away = /Grokscope is not responding/
const endless = smallExperiment({ name: 'endless', dynamics: { kind: 'isolated', steps: 50_000_000 } })

describeWindow(
  'A connection',
  (open) => {
    it('that breaks is told, comes back on its own, and brings what was missed', async () => {
      const { page, host, archivePath } = await open({ prepare: (path) => queueExperiments(path, [endless]) })
      const sockets: WebSocketRoute[] = []
      let broken = false
      let turnedAway = 0
      await page.routeWebSocket(/./, (socket) => {
        if (broken) {
          turnedAway += 1
          return void socket.close()
        }
        socket.connectToServer()
        sockets.push(socket)
      })
      await page.reload()
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
      await expect.poll(() => reached(page)).toBeGreaterThan(0)
      broken = true
      await Promise.all(sockets.map((socket) => socket.close()))
      await page.getByText(away).waitFor()
      await expect.poll(() => turnedAway).toBeGreaterThan(0)
      const before = await reached(page)
      await page.getByText('Running', { exact: true }).waitFor()
      const only = () => runsIn(archivePath)[0]!
      await expect.poll(() => only().step).toBeGreaterThan(before)
      const other = await connectTo(host!.address)
      expect(await other.request('run.cancel', { runIds: [only().id] })).toMatchObject({ ok: true })
      other.close()
      await expect.poll(() => only().status).toBe('cancelled')
      expect(await reached(page)).toBe(before)
      broken = false
      await page.getByText(away).waitFor({ state: 'detached' })
      await page.getByText('Cancelled', { exact: true }).waitFor()
      await expect.poll(() => reached(page)).toBe(only().step)
    })

    it('that is slow shows of the cell of a sweep no runs of another', async () => {
      let sweep = ''
      const { page } = await open({ prepare: async (path) => void (sweep = await writeKnownSweep(path)) })
      const host = await slowHost(page)
      await page.reload()
      await goTo(page, `/sweeps/${sweep}`)
      const runs = page.getByRole('complementary', { name: 'Cell and sweep' }).locator('tbody tr')
      await expect.poll(() => runs.count()).toBe(3)
      host.hold()
      await page.getByRole('grid', { name: 'Cells' }).press('ArrowDown')
      await page.getByRole('heading', { name: /^Cell 2/ }).waitFor()
      expect(await runs.count()).toBe(0)
      host.release()
      await expect.poll(() => runs.count()).toBe(3)
    })

    it('that is slow leaves no view blank: each says what it waits for', async () => {
      const { page } = await open({ prepare: (path) => queueExperiments(path, [smallExperiment()]) })
      const host = await slowHost(page)
      await page.goto(page.url().replace(/#.*/, '#/machine'))
      await page.reload()
      await page.getByRole('main').getByRole('heading', { name: 'Machine' }).waitFor()
      host.hold()
      for (const [address, words] of [
        ['/sweeps', 'The folders of the sweeps are being read'],
        ['/sweeps/0123456789abcdef', 'The sweep’s folder is being read'],
        ['/compare?runs=abcdefgh', 'The runs are being read'],
        ['/runs', 'The table is being read'],
        ['/runs/abcdefgh/curves', 'The run is being read'],
        ['/figures?paper=musat2025/fig6', 'The panels are being read'],
        ['/papers', 'The papers are being read'],
        ['/papers/musat2025', 'The paper’s figures are being read'],
      ] as const) {
        await goTo(page, address)
        await page.getByRole('main').getByText(words).waitFor()
      }
      host.release()
      await page.getByText('Two weights, one sample').waitFor()
      await expect.poll(() => page.getByRole('main').getByText('being read').count()).toBe(0)
    })

    it('to a host that is killed is told; the next host has the run to be resumed', async () => {
      const { page, host, archivePath } = await open({
        prepare: (path) => queueExperiments(path, [endless]),
        serve: ['--port', String(await portOfItsOwn())],
        expected: /WebSocket|Failed to load resource|ERR_CONNECTION/,
      })
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
      await expect.poll(() => reached(page)).toBeGreaterThan(0)
      await host!.kill()
      await page.getByText(away).waitFor()
      const next = await startBrowserHost(archivePath, host!.port)
      try {
        await page.getByText(/The laboratory was restarted/).waitFor()
        await page.goto(next.address)
        await page.getByRole('link', { name: 'Runs', exact: true }).click()
        await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
        await page.getByText('Interrupted', { exact: true }).waitFor()
        const kept = await reached(page)
        await page.getByRole('button', { name: 'Resume', exact: true }).click()
        await page.getByText('Running', { exact: true }).waitFor()
        await expect.poll(() => reached(page)).toBeGreaterThan(kept)
      } finally {
        await page.goto('about:blank')
        await next.close()
      }
    })
  },
  { inElectron: false },
)

/** Read beside the host, which goes on while its page is away. */
function runsIn(archivePath: string) {
  const archive = openArchive(archivePath, { readOnly: true })
  try {
    return archive.runs.listRuns()
  } finally {
    archive.close()
  }
}

const reached = async (page: Page) =>
  Number(await page.getByRole('slider', { name: 'Step' }).getAttribute('aria-valuemax'))
