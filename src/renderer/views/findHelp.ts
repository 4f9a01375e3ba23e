import { plainText } from '../../shared/formatting/setSymbols.ts'
import { measurements, type MeasurementDescription } from '../../shared/measurements.ts'
import { specificationFields } from '../../shared/specification/fields.ts'
import type { Help } from '../components/HelpPopover.vue'
import { rankCommands } from '../components/rankCommands.ts'
import type { Finder } from '../components/useFound.ts'
import { distanceHelp, paceHelp } from './compare/theoryHelp.ts'
import { fourierHelp } from './run/fourierHelp.ts'

export interface HelpEntry {
  title: string
  help: Help
}

const maxFound = 6
const panels = {
  'Feature norms': fourierHelp.norms,
  Cosine: fourierHelp.cosine,
  'Cosine of moduli': fourierHelp.moduli,
  'Frequency × step': fourierHelp.spectrum,
  'Unit × frequency': fourierHelp.units,
  Circles: fourierHelp.circles,
  'Distance from a reference': distanceHelp,
  Pace: paceHelp,
}

/** Everything that explains itself somewhere: measurements with their formulas, panels, fields of a specification. */
const entries: readonly (HelpEntry & { words: string })[] = [
  ...Object.values(measurements).map(({ label, symbol, about, formula }: MeasurementDescription) => ({
    title: label,
    help: { text: about, formula },
    words: symbol,
  })),
  ...Object.entries(panels).map(([title, help]) => ({ title, help, words: '' })),
  ...specificationFields.map(({ path, words: { label, symbol, help } }) => ({
    title: label,
    help: { text: plainText(help) },
    words: `${path} ${symbol ?? ''}`,
  })),
]

/** What explains a word, its formula among it; `show` is given the entry. */
export function findHelp(show: (entry: HelpEntry) => void): Finder {
  const all = entries.map((entry) => ({
    group: 'Help',
    label: entry.title,
    about: entry.help.formula ? 'formula' : '',
    words: `${entry.words} ${entry.help.text}`,
    run: () => show(entry),
  }))
  return async (query) => (query === '' ? [] : rankCommands(all, query).slice(0, maxFound))
}
