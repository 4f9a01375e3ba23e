import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { openLaboratory } from '../../../src/main/services/laboratory.ts'
import type { OpenArchive } from '../../../src/shared/contract/archives.ts'
import { LabError, type Result } from '../../../src/shared/errors.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { callProgram, type Call } from '../../support/callProgram.ts'

/** What the program said when it was asked for something. */
export interface Words {
  at: string
  /** 0 done; otherwise refused, or done and told. */
  code: number
  /** All it said of what went wrong. */
  text: string
  /** Of an export: the file it wrote, `name.format`, and what is in it. */
  file?: { name: string; bytes: Buffer }
  /** Other files that lay there afterwards. */
  leftBehind?: string[]
}

const formats = ['csv', 'json', 'npz'] as const
type Format = (typeof formats)[number]

/**
 * Does with an archive what people do: lists and shows it, exports its runs, takes them over into an archive of one's
 * own, opens it to write. `folder` is empty and may be filled.
 */
export async function* probeArchive(path: string, folder: string, runIds: readonly string[]): AsyncGenerator<Words> {
  const output = join(folder, 'out')
  const call = (...options: string[]) => callProgram(...options, '--archive', path)
  const wordsOf = (at: string, { code, stderr }: Call): Words => ({ at, code, text: stderr })
  yield wordsOf('list', await call('list'))
  const list = await call('list', '--json')
  yield wordsOf('list --json', list)
  const listed = list.stdout.split('\n').slice(0, -1)
  const strangers = listed.map((line) => (JSON.parse(line) as RunSummary).id).filter((id) => !runIds.includes(id))
  for (const runId of [...runIds, ...strangers.slice(0, 2)]) {
    yield wordsOf(`show ${runId}`, await call('show', runId))
    for (const format of formats) yield await exportRun('read', path, runId, format, output)
  }
  yield* takeOver(path, join(folder, 'own.grokscope'), runIds, output)
  yield* write(path, runIds, output)
}

export async function exportRun(
  state: string,
  path: string,
  runId: string,
  format: Format,
  folder: string,
): Promise<Words> {
  const name = `${state}-${runId}.${format}`
  const file = join(folder, name)
  const { code, stderr } = await callProgram('export', runId, '--format', format, '--out', file, '--archive', path)
  const words: Words = { at: `export ${name}`, code, text: stderr }
  if (existsSync(file)) words.file = { name, bytes: readFileSync(file) }
  rmSync(file, { force: true })
  const rest = existsSync(folder) ? readdirSync(folder) : []
  if (rest.length > 0) words.leftBehind = rest
  rmSync(folder, { recursive: true, force: true })
  return words
}

/**
 * Opens it beside an archive of one's own, as the window does, looks at every run and imports all of them. What is not as
 * it was in a matrix was seen when it was read.
 */
async function* takeOver(path: string, own: string, runIds: readonly string[], output: string): AsyncGenerator<Words> {
  yield* await inLaboratory('import', own, async (ask) => {
    const opened = (await ask('archive.open', { path })) as OpenArchive | undefined
    if (!opened) return
    const archive = opened.id
    await ask('run.list', { archive })
    for (const runId of runIds) {
      await ask('run.show', { runId, archive })
      await ask('run.snapshots', { runId, archive })
      await ask('run.curves', { runIds: [runId], measurements: ['trainLoss', 'testAccuracy'], points: 20, archive })
    }
    await ask('archive.import', { archive })
    await ask('archive.close', { archive })
  })
  for (const runId of runIds) yield await exportRun('imported', own, runId, 'json', output)
}

/** Opens it as one's own, and changes a little. */
async function* write(path: string, runIds: readonly string[], output: string): AsyncGenerator<Words> {
  yield* await inLaboratory('write', path, async (ask) => {
    await ask('run.list', {})
    for (const runId of runIds) await ask('run.show', { runId })
    await ask('run.tag', { changes: [{ runIds: [runIds[0]], add: ['seen'], remove: [] }] })
  })
  for (const runId of runIds.slice(0, 2)) yield await exportRun('written', path, runId, 'json', output)
}

type Ask = (name: string, input: unknown) => Promise<unknown>

async function inLaboratory(what: string, archivePath: string, act: (ask: Ask) => Promise<void>): Promise<Words[]> {
  const words: Words[] = []
  try {
    const laboratory = openLaboratory({
      archivePath,
      cacheFolder: `${archivePath}.cache`,
      startWorker: () => {
        throw new Error('nothing is computed here')
      },
      host: {
        chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
        chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
      },
    })
    try {
      await act(async (name, input) => {
        let log = ''
        const result = await dispatch(
          createClientWatch(laboratory.handlers).handlers,
          name,
          input,
          (line) => (log += `${line}\n`),
        )
        words.push({ at: `${what}: ${name}`, code: result.ok ? 0 : 2, text: log + textOf(result) })
        return result.ok ? result.data : undefined
      })
    } finally {
      await laboratory.close()
    }
  } catch (error) {
    const text = error instanceof LabError ? error.message : String((error as Error).stack)
    words.push({ at: `${what}: open`, code: 2, text })
  }
  return words
}

function textOf(result: Result<unknown>): string {
  if (result.ok) return ''
  const { code, message } = result.error
  return code === 'INTERNAL' ? `${message}\nThis is a defect of Grokscope` : message
}
