import type { LinePanel, Panel, ParallelPanel, Series } from '../panel.ts'
import { fitNames, type TypeFace } from './textWidth.ts'

/** What a legend says of a line, or of a family of lines that look alike. */
export interface LegendEntry extends Pick<Series, 'name' | 'role' | 'color' | 'ink' | 'dash'> {
  /** Whether it also stands for a band, which its swatch shows. */
  hasBand?: true
  /** The families of series that it stands for, where its name was joined or cut. */
  families?: readonly string[]
}

export function familiesOf({ name, families = [name] }: LegendEntry): readonly string[] {
  return families
}

/** In heights of the text: a swatch, the room after it and after a name. */
export const [swatch, afterSwatch, afterName] = [1.4, 0.4, 1.2]

/** What the series of a chart are called, each family once; nothing of one that is alone, which the title names, but of a group. */
export function legendEntries({ series, bands = [] }: Pick<LinePanel, 'series' | 'bands'>): LegendEntry[] {
  if (series.length < 2 && series[0]?.group === undefined) return []
  const shaded = new Set(bands.map(({ name }) => name))
  const entries = new Map<string, LegendEntry>()
  for (const { name, family = name, role, color, ink, dash } of series) {
    if (entries.has(family)) continue
    const look = { ...(color === undefined ? {} : { color }), ...(ink === undefined ? {} : { ink }) }
    entries.set(family, {
      name: family,
      role,
      ...look,
      ...(dash === undefined ? {} : { dash }),
      ...(shaded.has(name) ? { hasBand: true } : {}),
    })
  }
  return [...entries.values()]
}

/** What is said of the lines of a panel that are not named elsewhere; a center and its band are one entry: by what rule, and of how many. */
export function lineEntries(
  panel: Pick<LinePanel, 'series' | 'bands'>,
  elsewhere: readonly Series[] = [],
): LegendEntry[] {
  const familyOf = ({ name, family = name }: Series) => family
  const centers = new Map<string, string>()
  const bounds = new Set(panel.bands?.map(({ name }) => name))
  for (const { name } of panel.bands ?? []) {
    const bound = panel.series.find((each) => each.name === name)
    // Bounds and single runs may be drawn as strong as it.
    const center = panel.series.findLast(
      ({ name: called, group, role, of }) =>
        group !== undefined &&
        group === bound?.group &&
        role === 'mean' &&
        of?.['run'] === undefined &&
        !bounds.has(called),
    )
    if (bound && center) centers.set(familyOf(bound), familyOf(center))
  }
  const here = new Set(panel.series.filter((each) => !elsewhere.includes(each)).map(familyOf))
  const entries = legendEntries(panel).filter(({ name }) => here.has(name))
  const isCenter = new Set(centers.values())
  return entries.flatMap((entry) => {
    if (isCenter.has(entry.name)) return []
    const center = entries.find(({ name }) => name === centers.get(entry.name))
    if (!entry.hasBand || !center) return [entry]
    const said = entry.name.split(', ')
    const more = center.name.split(', ').filter((word) => !said.includes(word))
    const families = [entry.name, center.name]
    return [{ ...center, name: [entry.name, ...more].join(', '), families, hasBand: true as const }]
  })
}

/** What the legend of a panel says; small planes have their names in them, and what has no lines has none. */
export function panelEntries(panel: Panel | null): LegendEntry[] {
  if (panel?.kind === 'parallel') return groupEntries(panel)
  return panel?.kind === 'lines' && !panel.each ? lineEntries(panel) : []
}

/** Groups where there are several, and what a broken line means where there is one. */
function groupEntries({ axes, groups }: ParallelPanel): LegendEntry[] {
  const own = groups.map(({ label, color, ink }): LegendEntry => ({
    name: label,
    role: 'single',
    color,
    ...(ink === undefined ? {} : { ink }),
  }))
  const isBroken = axes.some(({ isBeyond }) => isBeyond?.includes(true))
  const later: LegendEntry = { name: 'later than the end of the run', role: 'context', dash: 'dashed' }
  return [...(own.length > 1 ? own : []), ...(isBroken ? [later] : [])]
}

/** Entries as wide as a row of its own at most, in the unit of the face's size; longer names are cut so that they differ. */
export function fitEntries(entries: readonly LegendEntry[], width: number, face: TypeFace): LegendEntry[] {
  const names = entries.map(({ name }) => name)
  const fitted = fitNames(names, face, width - (swatch + afterSwatch) * face.size)
  return entries.map((entry, place) => ({ ...entry, name: fitted[place]!, families: familiesOf(entry) }))
}

/** Entries in rows of a width. */
export function legendRows(entries: readonly LegendEntry[], width: number, face: TypeFace): LegendEntry[][] {
  const rows: LegendEntry[][] = []
  let used = Infinity
  for (const entry of fitEntries(entries, width, face)) {
    const item = itemWidth(entry.name, face)
    if (used + item - afterName * face.size > width) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push(entry)
    used += item
  }
  return rows
}

/** How far from the beginning of an entry the next one begins. */
export function itemWidth(name: string, { size, widthOf }: TypeFace): number {
  return widthOf(name) + (swatch + afterSwatch + afterName) * size
}
