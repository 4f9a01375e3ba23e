import type { ExperimentInput } from '../experiment.ts'
import { formatGiven } from '../formatting/formatNumber.ts'
import { plainText } from '../formatting/setSymbols.ts'
import { findField } from '../specification/fields.ts'

/** A field of a figure's study that may be moved away from the paper's value. */
export interface FigureSlider {
  /** As the study calls it: `scaleRatio`. */
  field: string
  /** The paper's. */
  value: number
  /** How far it is dragged; whatever the study allows may be typed. */
  min: number
  max: number
  /** `logOrZero` has 0 before its least. */
  scale: 'linear' | 'log' | 'logOrZero'
}

/** Values of sliders by their fields, of those that are not at the paper's. */
export type FigureSetting = Readonly<Record<string, number>>

/** `$κ$ = 30, $n$ = 150`, marked for `setSymbols`; empty at the paper's values. */
export function describeSetting(setting: FigureSetting): string {
  return Object.entries(setting)
    .map(([field, value]) => `$${findField(`study.${field}`)?.words.symbol ?? field}$ = ${formatGiven(value)}`)
    .join(', ')
}

/** What is a number and not the paper's among the values of sliders, in their order. */
export function settingFrom(sliders: readonly FigureSlider[], valueOf: (field: string) => unknown): FigureSetting {
  const values = sliders.map(({ field, value }) => [field, valueOf(field), value] as const)
  return Object.fromEntries(
    values.flatMap(([field, value, paper]) => (typeof value === 'number' && value !== paper ? [[field, value]] : [])),
  )
}

/** An experiment of a figure at other values of its study, named by them; as it is where there are none. */
export function atSetting(experiment: ExperimentInput, setting: FigureSetting): ExperimentInput {
  if (Object.keys(setting).length === 0) return experiment
  if (!('study' in experiment)) throw new RangeError(`${experiment.name} is no study`)
  const name = [experiment.name, plainText(describeSetting(setting))].filter(Boolean).join(', ')
  return { ...experiment, name, study: { ...experiment.study, ...setting } }
}
