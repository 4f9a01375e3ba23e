import { computed, type WritableComputedRef } from 'vue'
import type { LocationQuery } from 'vue-router'
import type { CurveLook, CurveLooks } from '../../shared/charts/dressCurves.ts'
import { curveLook, type PanelLook } from '../../shared/figures/look.ts'
import { useAddressedQuery } from './useAddressed.ts'

/** Under which an address keeps them, one curve each time. */
const addressName = 'look'

/** How the curves of a chart look that are not as its panel has them, kept in the address by the chart's name. */
export function useCurveLooks(chart: () => string): WritableComputedRef<CurveLooks> {
  const { query, change } = useAddressedQuery()
  /** As a text, so that curves are drawn anew only where they look otherwise. */
  const own = computed(() => JSON.stringify(curveLooksIn(query.value, chart())))
  return computed({
    get: () => JSON.parse(own.value) as CurveLooks,
    set(looks) {
      const others = entriesIn(query.value).filter((entry) => !isOf(entry, chart()))
      const written = Object.entries(looks).map(([curve, look]) => `${beginningOf(chart())}${wordsOf(look)}:${curve}`)
      const all = [...others, ...written]
      change({ [addressName]: all.length > 0 ? all : undefined })
    },
  })
}

/** What an address says of the curves of a chart; what makes no sense there is passed over. */
export function curveLooksIn(query: LocationQuery, chart: string): CurveLooks {
  const own = entriesIn(query).filter((entry) => isOf(entry, chart))
  return Object.fromEntries(
    own.flatMap((entry) => {
      const said = entry.slice(beginningOf(chart).length)
      const cut = said.indexOf(':')
      const look = cut > 0 ? lookOf(said.slice(0, cut)) : undefined
      return look ? [[said.slice(cut + 1), look] as const] : []
    }),
  )
}

/** What a figure has of a chart otherwise than its source says. */
export function curvesLook(query: LocationQuery, chart: string): PanelLook | undefined {
  const curves = curveLooksIn(query, chart)
  return Object.keys(curves).length > 0 ? { curves } : undefined
}

/** The part of an address that has them, for an address that leads to a picture of the same charts. */
export function addressedLooks(query: LocationQuery): LocationQuery {
  return query[addressName] === undefined ? {} : { [addressName]: query[addressName] }
}

function entriesIn(query: LocationQuery): string[] {
  return [query[addressName]].flat().filter((entry) => typeof entry === 'string')
}

/** A chart may be called after what a person wrote; the first colon ends its name. */
const beginningOf = (chart: string) => `${encodeURIComponent(chart)}:`
const isOf = (entry: string, chart: string) => entry.startsWith(beginningOf(chart))

function wordsOf({ hidden, strong, color }: CurveLook): string {
  const words = [...(hidden ? ['hidden'] : []), ...(strong ? ['strong'] : []), ...(color === undefined ? [] : [color])]
  return words.join('+')
}

function lookOf(words: string): CurveLook | undefined {
  const parts = words.split('+').map((word) => (/^\d$/.test(word) ? ['color', Number(word)] : [word, true]))
  return curveLook.safeParse(Object.fromEntries(parts)).data
}
