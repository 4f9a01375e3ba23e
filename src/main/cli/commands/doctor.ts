import type { MachineDescription } from '../../../shared/machine.ts'
import { printableJson } from '../../../shared/printable.ts'
import { bytes, table } from '../text.ts'
import { openNodeMachine } from '../../services/nodeLaboratory.ts'

/** `grokscope doctor`: what was found on this machine, and what runs use. */
export async function doctor(options: { archive?: string; json?: boolean }): Promise<void> {
  const machine = openNodeMachine(options.archive)
  try {
    const found = await machine.describe()
    process.stdout.write(options.json ? `${printableJson(found)}\n` : `${describe(found)}\n`)
  } finally {
    machine.close()
  }
}

function describe(machine: MachineDescription): string {
  const facts = [
    ['grokscope', machine.grokscope],
    ['runtime', machine.runtime],
    ['platform', machine.platform],
    ['processor', `${machine.processor}, ${machine.cores} cores`],
    ['memory', `${bytes(machine.memoryBytes)}, ${bytes(machine.freeMemoryBytes)} free`],
    ['archive', `${machine.archivePath}, ${machine.archiveBytes > 0 ? bytes(machine.archiveBytes) : 'not there yet'}`],
    ['runs at once', String(machine.slots)],
  ]
  const backends = machine.backends.map(({ kind, description, available, chosen, reason, install, choice }) => [
    chosen ? `→ ${kind}` : `  ${kind}`,
    available ? description : `not available: ${reason ?? ''}`,
    available ? (choice ?? '') : (install ?? ''),
  ])
  return `${table(facts)}\n\n${table([['  backend', '', ''], ...backends])}`
}
