import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MachineDescription } from '../../../shared/machine.ts'
import { printableJson } from '../../../shared/printable.ts'
import { openNodeMachine } from '../../services/nodeLaboratory.ts'
import { readArchive } from '../../services/readArchive.ts'
import { warnOfDamage } from '../warnOfDamage.ts'
import { table } from '../text.ts'
import { formatBytes } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'

/** `grokscope doctor`: what was found on this machine, what runs use, and in an archive that is named what is damaged. */
export async function doctor(options: { archive?: string; json?: boolean }): Promise<void> {
  const checked = options.archive === undefined ? undefined : await checkRuns(options.archive)
  const found = await describeMachine(options.archive)
  if (options.json) process.stdout.write(`${printableJson({ ...found, ...checked })}\n`)
  else process.stdout.write([describe(found), ...(checked ? [describeCheck(checked)] : []), ''].join('\n'))
  for (const { runId, findings } of checked?.damaged ?? []) warnOfDamage(runId, findings)
}

interface CheckedRuns {
  /** How many there are, the bin included. */
  runs: number
  /** How many of them a newer version made. */
  newer: number
  damaged: { runId: string; findings: string[] }[]
}

async function describeMachine(archivePath: string | undefined): Promise<MachineDescription> {
  const machine = openNodeMachine(archivePath)
  try {
    return await machine.describe()
  } finally {
    machine.close()
  }
}

/** Every run of an archive, down to the last number. */
async function checkRuns(path: string): Promise<CheckedRuns> {
  let checked: CheckedRuns = { runs: 0, newer: 0, damaged: [] }
  await readArchive(path, async (archive) => {
    const found: { runId: string; findings: string[] }[] = []
    for (const runId of archive.runs.listIds({ includeBinned: true })) {
      found.push({ runId, findings: archive.integrity.checkWhole(runId).findings })
      await nextTurn()
    }
    const newer = found.filter(({ runId }) => archive.integrity.newer(runId) !== null).length
    checked = { runs: found.length, newer, damaged: found.filter(({ findings }) => findings.length > 0) }
  })
  return checked
}

function describeCheck({ runs, newer, damaged }: CheckedRuns): string {
  const standing = damaged.length === 0 ? 'all as they were stored' : `${damaged.length} damaged`
  const made =
    newer === 0 ? '' : `; ${newer} made by a newer version of Grokscope, which can be viewed but not continued`
  return `\n${countThings(runs, 'run')} checked, ${standing}${made}`
}

function describe(machine: MachineDescription): string {
  const facts = [
    ['grokscope', machine.grokscope],
    ['runtime', machine.runtime],
    ['platform', machine.platform],
    ['processor', `${machine.processor}, ${countThings(machine.cores, 'core')}`],
    ['memory', `${formatBytes(machine.memoryBytes)}, ${formatBytes(machine.freeMemoryBytes)} free`],
    [
      'archive',
      `${machine.archivePath}, ${machine.archiveBytes > 0 ? formatBytes(machine.archiveBytes) : 'not there yet'}`,
    ],
    ['runs at once', String(machine.slots)],
  ]
  const backends = machine.backends.flatMap(
    ({ kind, description, available, chosen, reason, install, advice, choice }) => {
      const notes = available ? [choice] : [[install, advice].filter((words) => words !== null).join(', ')]
      return [
        [chosen ? `→ ${kind}` : `  ${kind}`, available ? description : `not available: ${reason ?? ''}`],
        ...notes.filter((words) => words).map((words) => ['', words!]),
      ]
    },
  )
  return `${table(facts)}\n\n${table([['  backend', ''], ...backends])}`
}
