import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import type { FromWorker, ToWorker } from '../../../src/main/engine/messages.ts'
import { tuneGpu } from '../../../src/main/services/tuneGpu.ts'
import type { TunedTable } from '../../../src/shared/tilingTable.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()

type Result = Extract<FromWorker, { type: 'result' }>['result']

/** A worker that answers so, and is asked to be one that may hold a GPU. */
function worker(result: Result): StartWorker {
  return (_, backend) => {
    expect(backend).toBe('webgpu')
    let tell = (_: unknown) => {}
    return {
      pid: 1,
      post: (message) =>
        queueMicrotask(() => tell({ type: 'result', id: (message as ToWorker & { id: number }).id, result })),
      onMessage: (listener) => (tell = listener),
      onExit: (listener) => setImmediate(() => listener({ code: 0, signal: null, stderr: '' })),
      kill: () => {},
    }
  }
}

describe('tuning a GPU', () => {
  const path = join(folder, 'settings', 'gpuTilings.json')
  const tuned: TunedTable = { path, found: [null], table: { version: 1, entries: [] } }

  it('writes nothing where it fails', async () => {
    const error = { code: 'BACKEND_UNAVAILABLE', message: 'no GPU' } as const
    await expect(tuneGpu([], worker({ ok: false, error }))).rejects.toMatchObject(error)
    expect(existsSync(path)).toBe(false)
  })

  it('keeps its table in the settings, in the place of the last', async () => {
    for (let i = 0; i < 2; i++) expect(await tuneGpu([], worker({ ok: true, data: tuned }))).toEqual(tuned)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(tuned.table)
  })
})
