import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callList } from '../../support/callProgram.ts'
import { serveCases, tellAnswer } from '../caseWorker.ts'
import { dice } from '../dice.ts'
import type { AttackedArchive } from './attackArchives.ts'
import { judgeWords, type Reference } from './judgeWords.ts'
import { mutationOf } from './mutations.ts'
import { probeArchive, type Words } from './probeArchive.ts'

/** A process that spoils one copy of the base archive after another, and uses each as people do. */
const { seed, base, folder, bomb } = JSON.parse(process.argv[2]!) as AttackedArchive
const bombBytes = readFileSync(bomb)
const runIds = (await callList(base)).map(({ id }) => id)
const reference = referenceOf(await probeCopy(join(folder, `untouched-${process.pid}`), () => undefined))

serveCases(async (number) => {
  const { kind, mutate } = mutationOf(number)
  const place = join(folder, `case-${number}`)
  let what = ''
  const words = await probeCopy(place, (path) => {
    what = mutate(path, dice(seed, 'archives', number), bombBytes)
    writeFileSync(join(place, 'attacked', 'what.txt'), what)
  })
  const judgment = judgeWords(words, reference)
  if (judgment.findings.length === 0) rmSync(place, { recursive: true, force: true })
  return { number, kind, what, ...judgment, files: judgment.findings.length > 0 ? [join(place, 'attacked')] : [] }
})

/** The spoiled file is kept as it was before the program wrote in it, in the folder `attacked`. */
async function probeCopy(place: string, spoil: (path: string) => void): Promise<Words[]> {
  rmSync(place, { recursive: true, force: true })
  for (const name of ['attacked', 'use']) mkdirSync(join(place, name), { recursive: true })
  const path = join(place, 'attacked', 'archive.grokscope')
  copyFileSync(base, path)
  spoil(path)
  const used = join(place, 'use', 'archive.grokscope')
  for (const suffix of ['', '-wal', '-shm', '-journal', '.lock']) copyIfThere(path + suffix, used + suffix)
  try {
    const words: Words[] = []
    for await (const answer of probeArchive(used, join(place, 'use'), runIds)) {
      words.push(answer)
      tellAnswer()
    }
    return words
  } finally {
    rmSync(join(place, 'use'), { recursive: true, force: true })
  }
}

function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** The attack would find nothing if the undamaged archive itself were refused. */
function referenceOf(words: readonly Words[]): Reference {
  const wrong = words.find(({ code, text }) => code !== 0 || text !== '')
  if (wrong) throw new Error(`the undamaged archive: ${wrong.at}: ${wrong.text}`)
  return new Map(words.flatMap(({ file }) => (file ? [[file.name, file.bytes] as const] : [])))
}
