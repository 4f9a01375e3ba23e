import type { LocationQuery } from 'vue-router'
import { mapStatistics, phaseThresholds, type PhaseThresholds, type SliceValue } from '../../shared/map/mapOptions.ts'
import type { AddressChange } from '../composables/useAddressed.ts'
import { addressText } from '../formatting/addressText.ts'
import { parseEntry } from '../formatting/entries.ts'

/** What a person has chosen of how runs are mapped; the rest is as a sweep says, or usual. */
export interface MapChoice {
  x?: string
  y?: string
  /** A number of runs, or `phase`. */
  color?: string
  statistic?: (typeof mapStatistics)[number]
  boundary?: 'x' | 'y'
  thresholds?: Partial<PhaseThresholds>
  /** Where fields stand that are on neither axis. */
  at?: readonly SliceValue[]
}

/** The names under which an address keeps it. */
type AddressName = 'x' | 'y' | 'color' | 'over' | 'boundary' | 'delay' | 'within' | 'at'

/** What an address says of a choice; what makes no sense there is passed over. */
export function choiceInAddress(query: LocationQuery): MapChoice {
  const textOf = (name: AddressName) => addressText(query[name])
  const statistic = mapStatistics.find((each) => each === textOf('over'))
  const boundary = (['x', 'y'] as const).find((each) => each === textOf('boundary'))
  const thresholds = (['delay', 'within'] as const).flatMap((name) => {
    const value = phaseThresholds.partial().safeParse({ [name]: parseEntry(textOf(name) ?? '') })
    return value.success && value.data[name] !== undefined ? [[name, value.data[name]] as const] : []
  })
  const at = [query.at].flat().flatMap((each) => {
    const cut = each?.indexOf('=') ?? -1
    return each && cut > 0 ? [{ field: each.slice(0, cut), value: each.slice(cut + 1) }] : []
  })
  return withoutGaps({
    x: textOf('x'),
    y: textOf('y'),
    color: textOf('color'),
    statistic,
    boundary,
    thresholds: thresholds.length > 0 ? Object.fromEntries(thresholds) : undefined,
    at: at.length > 0 ? at : undefined,
  })
}

/** How an address comes to say it: nothing under those of its names that have not been chosen. */
export function addressOf(choice: MapChoice): AddressChange {
  const text = (value: number | undefined) => (value === undefined ? undefined : String(value))
  return {
    x: choice.x,
    y: choice.y,
    color: choice.color,
    over: choice.statistic,
    boundary: choice.boundary,
    delay: text(choice.thresholds?.delay),
    within: text(choice.thresholds?.within),
    at: choice.at?.map(({ field, value }) => `${field}=${value}`),
  } satisfies Record<AddressName, AddressChange[string]>
}

type Present<All> = { [Name in keyof All]: Exclude<All[Name], undefined> }

function withoutGaps<All extends object>(all: All): Partial<Present<All>> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<Present<All>>
}
