import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { judgeWords, type Reference } from './judgeWords.ts'
import { changeDatabase } from './looseDatabase.ts'
import { exportRun, type Words } from './probeArchive.ts'

/**
 * Whether this attack would find anything: one measured value is changed in its last bit and its checksum made to fit,
 * and what the program says of it is taken away. The judge must then find a silent difference in every format that has
 * the value, and none in an archive that was left alone. Throws where it does not.
 */
export async function findPlantedFault({ base, folder }: { base: string; folder: string }): Promise<string> {
  const [runId] = changeDatabase(base, (database) =>
    database.prepare("SELECT id FROM runs WHERE name LIKE 'trained%' AND status = 'finished'").pluck().all(),
  ) as [string]
  const planted = join(folder, 'planted.grokscope')
  copyFileSync(base, planted)
  changeOneBit(planted, runId)
  const untouched = await exportAll(base, runId, folder)
  const reference: Reference = new Map(untouched.map(({ file }) => [file!.name, file!.bytes]))
  requireOutcome('an archive left alone', untouched, reference, [])
  const changed = (await exportAll(planted, runId, folder)).map((words) => ({ ...words, code: 0, text: '' }))
  const expected = changed.map(({ at }) => `silent difference ${at}`)
  requireOutcome('the planted fault', changed, reference, expected)
  return 'planted fault found'
}

function changeOneBit(path: string, runId: string): void {
  changeDatabase(path, (database) => {
    const chunk = database
      .prepare("SELECT rowid, data FROM chunks WHERE runId = ? AND name = 'trainLoss' LIMIT 1")
      .get(runId) as { rowid: bigint; data: Buffer }
    chunk.data[chunk.data.length - 8]! ^= 1
    database
      .prepare('UPDATE chunks SET data = ?, checksum = ? WHERE rowid = ?')
      .run(chunk.data, crc32(chunk.data), chunk.rowid)
  })
}

async function exportAll(path: string, runId: string, folder: string): Promise<Words[]> {
  const output = join(folder, 'out')
  const exported: Words[] = []
  for (const format of ['csv', 'json', 'npz'] as const) {
    exported.push(await exportRun('read', path, runId, format, output))
  }
  return exported
}

function requireOutcome(
  what: string,
  words: readonly Words[],
  reference: Reference,
  expected: readonly string[],
): void {
  const found = judgeWords(words, reference).findings.map(({ fault, at }) => `${fault} ${at}`)
  if (found.join() === expected.join()) return
  throw new Error(`the attack is blind: of ${what} it found "${found.join(', ')}" instead of "${expected.join(', ')}"`)
}
