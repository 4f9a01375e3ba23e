import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openArchive } from '../../src/main/store/archive.ts'
import { isSettled } from '../../src/shared/run.ts'
import { queueExperiments, smallExperiment } from '../support/browserArchive.ts'
import { startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { temporaryFolder } from '../support/folders.ts'
import { connectTo, type SocketClient } from '../support/socketClient.ts'

let host: BrowserHost | undefined
let client: SocketClient | undefined
afterEach(async () => {
  client?.close()
  await host?.kill()
  host = client = undefined
})

async function serve(archivePath: string): Promise<SocketClient> {
  host = await startBrowserHost(archivePath)
  client = await connectTo(host.address)
  return client
}

async function runs(from: SocketClient) {
  const answer = await from.request('run.list', {})
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.data.runs
}

const freshArchive = () => join(temporaryFolder(), 'archive.grokscope')
const everyStep = (steps: number, seeds = [0]) =>
  smallExperiment({
    name: 'every step',
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    dynamics: { kind: 'isolated', steps },
    record: { measureEvery: 1, snapshots: [] },
    seeds,
  })

describe.skipIf(process.platform === 'win32')('The host in a browser', () => {
  it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('saves its runs when it gets %s', async (signal) => {
    const archivePath = freshArchive()
    queueExperiments(archivePath, [everyStep(100_000_000)])
    const from = await serve(archivePath)
    await expect.poll(async () => (await runs(from))[0]!.step).toBeGreaterThan(0)
    expect(await host!.close(signal)).toEqual({ code: 0 })
    const archive = openArchive(archivePath)
    const [run] = archive.runs.listRuns()
    expect(run).toMatchObject({ status: 'cancelled', code: 'CANCELLED' })
    expect(archive.snapshots.latestSnapshot(run!.id)!.step).toBe(run!.step)
    archive.close()
  })

  it.skipIf(spawnSync('prlimit', ['--version']).error)(
    'answers while its disk is full, takes no new run, and goes on once there is room',
    async () => {
      const archivePath = freshArchive()
      queueExperiments(archivePath, [everyStep(1)])
      const from = await serve(archivePath)
      host!.limitFiles(2 ** 19)
      // Each is more than fits, however it is stored.
      const experiment = everyStep(15_000, [0, 1, 2])
      const submitted = await from.request('experiment.submit', { spec: { ...experiment } })
      expect(submitted.ok).toBe(true)
      await expect.poll(async () => (await runs(from)).every(({ status }) => isSettled(status))).toBe(true)
      const failed = (await runs(from)).filter(({ status }) => status === 'failed')
      expect(failed.length).toBe(3)
      for (const { code, message } of failed) {
        expect([code, message]).toEqual([
          'DISK_FULL',
          `${archivePath} cannot grow: a file may not grow that large here`,
        ])
      }
      host!.limitFiles(1)
      const refused = await from.request('experiment.submit', { spec: { ...experiment } })
      expect(refused).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } })
      host!.limitFiles('unlimited')
      await from.request('run.resume', { runIds: failed.map(({ id }) => id) })
      const again = await from.request('experiment.submit', { spec: { ...experiment, name: 'undisturbed' } })
      expect(again.ok).toBe(true)
      await expect.poll(async () => (await runs(from)).every(({ status }) => status === 'finished')).toBe(true)
      const hashes = Map.groupBy(await runs(from), ({ seed, steps }) => `${seed} ${steps}`)
      for (const seed of experiment.seeds!) {
        expect(new Set(hashes.get(`${seed} 15000`)!.map(({ contentHash }) => contentHash)).size).toBe(1)
      }
      expect(await host!.close()).toEqual({ code: 0 })
    },
  )
})
