import { dressCurves } from '../charts/dressCurves.ts'
import { horizontalDomain, verticalDomain, verticalExtent } from '../charts/lineDomains.ts'
import { formatCount, formatGiven, roundDigits } from '../formatting/formatNumber.ts'
import { readMathematics } from '../formatting/readMathematics.ts'
import type { Axis, Dash, HeatmapPanel, LinePanel, MapPanel, Panel, Series } from '../panel.ts'
import { findRunField, runValueWords } from '../query/runFields.ts'
import { quote } from '../quote.ts'
import type { AxisLook, PanelLook } from './look.ts'
import { inkAt } from './palettes.ts'
import type { Sheet } from './sheet.ts'

/** How a figure's panels are drawn, besides their data: as the sheet has it for all of them, and as each has it itself. */
export type DressSheet = Pick<Sheet, 'palette' | 'colorBy' | 'dashBy' | 'share'>

/** Panels as they are drawn: with the words, the axes, the colors and the dashes that a figure gives them. */
export function dressPanels(
  sheet: DressSheet,
  panels: readonly (Panel | null)[],
  looks: readonly (PanelLook | undefined)[] = [],
): (Panel | null)[] {
  const own = panels.map((panel, place) => panel && dressPanel(panel, looks[place] ?? {}))
  return shareLimits(dressSeries(own, sheet, looks), sheet.share ?? 'none', panels)
}

/** Why parts of a look are not followed: each names the field, its value and what is allowed. */
export function lookProblems(panel: Panel, look: PanelLook): string[] {
  const axes = (['x', 'y'] as const).flatMap((name) => {
    const given = look[name] ?? {}
    const log = panel.kind === 'lines' && (given.scale ?? panel[name].scale) === 'log'
    return limitProblems(name, given, log, name === 'x' ? 'horizontal' : 'vertical')
  })
  return [
    ...axes,
    ...limitProblems('color', look.color ?? {}, panel.kind === 'map' && panel.colorScale === 'log', 'color'),
    ...colorProblems(panel, look),
    ...insetProblems(panel, look),
    ...noteProblems(panel, look),
    ...curveProblems(panel, look),
  ]
}

function limitProblems(name: string, { min, max, ticks = [] }: AxisLook, log: boolean, words: string): string[] {
  const problems: string[] = []
  for (const [end, value] of Object.entries({ min, max })) {
    if (log && value !== undefined && value <= 0)
      problems.push(`${name}.${end} is ${value}: on a logarithmic axis it has to be above 0`)
  }
  if (min !== undefined && max !== undefined && min >= max)
    problems.push(`${name}.min is ${min} and ${name}.max is ${max}: the ${words} scale has to begin below its end`)
  const below = ticks.filter((at) => log && at < 0)
  if (below.length > 0) problems.push(`${name}.ticks has ${below.join(', ')}: a logarithmic axis has none below 0`)
  return problems
}

/** One limit may lie beyond the other end of the data. */
function colorProblems(panel: Panel, { color: { min, max } = {} }: PanelLook): string[] {
  if ((panel.kind !== 'heatmap' && panel.kind !== 'map') || (min === undefined) === (max === undefined)) return []
  const [low, high] = panel.range
  if (min !== undefined && min >= high)
    return [
      `color.min is ${min}: it has to be below ${formatGiven(high)}, where the colors end, or color.max has to be given`,
    ]
  if (max !== undefined && max <= low)
    return [
      `color.max is ${max}: it has to be above ${formatGiven(low)}, where the colors begin, or color.min has to be given`,
    ]
  return []
}

function insetProblems(panel: Panel, { inset, x }: PanelLook): string[] {
  if (!inset) return []
  if (inset.from >= inset.to)
    return [`inset.from is ${inset.from} and inset.to is ${inset.to}: an inset has to begin below its end`]
  const log = panel.kind === 'lines' && (x?.scale ?? panel.x.scale) === 'log'
  return log && inset.from <= 0
    ? [`inset.from is ${inset.from}: on a logarithmic axis an inset has to begin above 0`]
    : []
}

/** The part of a panel that an inset shows first: the last fifth of its axis, in a unit of its own. */
export function beginningInset(panel: Panel, look: PanelLook): { from: number; to: number } {
  if (panel.kind !== 'lines') return { from: 0, to: 1 }
  const dressed = dressPanel(panel, look) as LinePanel
  const [low, high] = horizontalDomain(dressed).domain
  const from = dressed.x.scale === 'log' ? high * (low / high) ** 0.2 : high - (high - low) / 5
  const [begin, end] = [roundDigits(from, 2), roundDigits(high, 6)]
  return begin >= low && begin < end ? { from: begin, to: end } : { from, to: high }
}

/** Where a logarithmic axis has no place for them words are not set. */
function noteProblems(panel: Panel, look: PanelLook): string[] {
  if (panel.kind !== 'lines' || !look.notes) return []
  const dressed = dressPanel(panel, look) as LinePanel
  const zero = { x: horizontalDomain(dressed).showsZero, y: dressed.y.zero === true }
  return look.notes.flatMap((note, place) =>
    (['x', 'y'] as const).flatMap((name) =>
      dressed[name].scale === 'linear' || note[name] > 0 || (note[name] === 0 && zero[name])
        ? []
        : [`notes.${place}.${name} is ${note[name]}: on a logarithmic axis it has to be above 0`],
    ),
  )
}

/** Curves are known by their names, which change as their runs' do. */
function curveProblems(panel: Panel, { curves = {} }: PanelLook): string[] {
  const names = new Set(panel.kind === 'lines' ? panel.series.map(({ name }) => name) : [])
  const missing = Object.keys(curves).filter((name) => !names.has(name))
  if (missing.length === 0) return []
  const [first, ...others] = missing
  const more = others.length > 0 ? ` and ${formatCount(others.length)} more` : ''
  return [`curves has ${quote(first)}${more}: no curve of this panel is called that`]
}

function dressPanel(panel: Panel, look: PanelLook): Panel {
  const title = look.title === undefined ? panel.title : readMathematics(look.title)
  if (panel.kind === 'table' || panel.kind === 'parallel') return { ...panel, title }
  if (panel.kind === 'lines') {
    const { x, y } = panel
    return { ...dressCurves(panel, look.curves ?? {}), title, x: dressAxis(x, look.x), y: dressAxis(y, look.y) }
  }
  const { label, ...limits } = look.color ?? {}
  // The column of a matrix says where its columns stand.
  const relabelOf = panel.kind === 'heatmap' ? named : relabeled
  return {
    ...panel,
    title,
    x: relabelOf(panel.x, look.x?.label),
    y: relabelOf(panel.y, look.y?.label),
    range: rangeOf(panel, limits),
    ...(label === undefined ? {} : { valueLabel: readMathematics(label) }),
  }
}

function rangeOf(panel: HeatmapPanel | MapPanel, { min = panel.range[0], max = panel.range[1] }: AxisLook) {
  const hasPlace = panel.kind === 'heatmap' || panel.colorScale === 'linear' || min > 0
  return min < max && hasPlace ? ([min, max] satisfies [number, number]) : panel.range
}

function dressAxis(axis: Axis, look: AxisLook = {}): Axis {
  const { scale = axis.scale, ticks, zero } = look
  const allowed = (value: number | undefined) => value !== undefined && (scale === 'linear' || value > 0)
  const reversed = look.min !== undefined && look.max !== undefined && look.min >= look.max
  // What is natural on a linear axis, such as 0, may have no place on a logarithmic one.
  const before = scale === axis.scale ? axis : { min: undefined, max: undefined }
  const limit = (end: 'min' | 'max') => (!reversed && allowed(look[end]) ? look[end] : before[end])
  const [min, max] = [limit('min'), limit('max')]
  const { min: _min, max: _max, ...rest } = relabeled(axis, look.label)
  return {
    ...rest,
    scale,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(zero === undefined ? {} : { zero }),
    ...(ticks && ticks.length > 0
      ? { ticks: ticks.toSorted((a, b) => a - b).map((at) => ({ at, label: formatGiven(at) })) }
      : {}),
  }
}

/** Its column in tables keeps its name. */
function relabeled(axis: Axis, label: string | undefined): Axis {
  if (label === undefined) return axis
  return { ...named(axis, label), column: axis.column ?? (axis.label || axis.symbol || '') }
}

function named(axis: Axis, label: string | undefined): Axis {
  if (label === undefined) return axis
  const { symbol: _, ...rest } = axis
  return { ...rest, label: readMathematics(label) }
}

const dashes: readonly Dash[] = ['solid', 'dashed', 'dotted', 'dashDotted']

/**
 * Series that agree in the fields by which they are told apart look alike, in every panel of the figure, and are one entry of a legend; where
 * dashes alone are told, those of different colors keep their names.
 */
function dressSeries(
  panels: readonly (Panel | null)[],
  { palette = 'tol', colorBy, dashBy }: DressSheet,
  looks: readonly (PanelLook | undefined)[],
) {
  const all = panels.flatMap((panel) => (panel?.kind === 'lines' ? panel.series : []))
  const [colors, lines] = [valuesOf(all, colorBy), valuesOf(all, dashBy)]
  const groups = panels.flatMap((panel) => (panel?.kind === 'parallel' ? panel.groups : []))
  const plain = Math.max(0, ...[...all, ...groups].map(({ color = 0 }) => color + 1))
  const ofDash = (value: string | number) => all.filter(({ traits }) => traits?.[dashBy ?? ''] === value)
  const isDashOfOneColor = lines.every((value) => new Set(ofDash(value).map(({ color }) => color)).size === 1)
  const dress = (series: Series, hasOwnColor: boolean): Series => {
    const { role, color, traits = {} } = series
    if (role === 'context' || role === 'start') return series
    const [colored, dashed] = [
      hasOwnColor ? -1 : colors.indexOf(traits[colorBy ?? '']!),
      lines.indexOf(traits[dashBy ?? '']!),
    ]
    const ink =
      colored >= 0
        ? inkAt(palette, colored, colors.length)
        : color === undefined
          ? undefined
          : inkAt(palette, color, plain)
    const told = [colored >= 0 ? colorBy! : '', dashed >= 0 ? dashBy! : ''].filter(Boolean)
    const words = [...new Set(told)].map(
      (name) => `${name} = ${runValueWords(findRunField(name) ?? {}, traits[name]!)}`,
    )
    const isOne = colored >= 0 || (!hasOwnColor && isDashOfOneColor)
    const { name, family: own = name } = series
    const family = isOne
      ? [...words, ofGroup(series)].filter(Boolean).join(', ')
      : [own, ...words.filter((each) => !own.includes(each))].join(', ')
    return {
      ...series,
      ...(ink === undefined ? {} : { ink }),
      ...(dashed >= 0 && series.dash === undefined ? { dash: dashes[dashed % dashes.length]! } : {}),
      ...(words.length === 0 ? {} : { family }),
    }
  }
  return panels.map((panel, place): Panel | null => {
    const curves = looks[place]?.curves
    if (panel?.kind === 'parallel') {
      return { ...panel, groups: panel.groups.map((group) => ({ ...group, ink: inkAt(palette, group.color, plain) })) }
    }
    if (panel?.kind !== 'lines') return panel
    const series = panel.series.map((each) => dress(each, curves?.[each.name]?.color !== undefined))
    const bands = panel.bands?.map((band) => {
      const ink = series.find(({ name }) => name === band.name)?.ink
      return ink === undefined ? band : { ...band, ink }
    })
    return { ...panel, series, ...(bands ? { bands } : {}) }
  })
}

/** What its group's center and bounds are called besides: of how many, or by what rule. */
function ofGroup({ of, role, family, name, group }: Series): string {
  if (group === undefined) return of?.statistic === 'measured' ? 'measured' : ''
  if (of?.statistic === undefined) return ''
  const said = family ?? name
  // The name of a group may have commas.
  if (said.startsWith(`${group}, `)) return said.slice(group.length + 2)
  return said
    .split(', ')
    .slice(role === 'mean' ? -1 : 1)
    .join(', ')
}

/** In ascending order, numbers before words. */
function valuesOf(series: readonly Series[], field: string | undefined): (string | number)[] {
  if (field === undefined) return []
  const values = new Set(series.flatMap(({ traits }) => traits?.[field] ?? []))
  return [...values].sort((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b
    return typeof a === typeof b ? (a < b ? -1 : 1) : typeof a === 'number' ? -1 : 1
  })
}

/**
 * Panels whose axes mean the same, on one scale, get the widest limits that any of them has which shows something. What an axis means is said
 * by that of the panel as it was before words of a figure took its place.
 */
export function shareLimits<Some extends Panel | null>(
  panels: readonly Some[],
  share: NonNullable<Sheet['share']>,
  before: readonly (Panel | null)[] = panels,
): Some[] {
  let shared: Some[] = [...panels]
  for (const name of ['x', 'y'] as const)
    if (share === name || share === 'both') shared = sharedOn(shared, name, before)
  return shared
}

function sharedOn<Some extends Panel | null>(
  panels: readonly Some[],
  name: 'x' | 'y',
  before: readonly (Panel | null)[],
): Some[] {
  const isPlot = (panel: Panel | null): panel is LinePanel =>
    panel?.kind === 'lines' && !panel.equalAspect && !panel.each
  const plots = panels.map((panel, place) => {
    const of = before[place] ?? null
    if (!isPlot(panel) || !isPlot(of)) return null
    const { column, label, symbol = '' } = of[name]
    const { scale, min, zero = min === 0 } = panel[name]
    const means = `${scale} ${column ?? label} ${symbol}`
    return { axis: panel[name], means, domain: domainsOf(panel)?.[name], beginsAtZero: scale === 'log' && zero }
  })
  return panels.map((panel, place) => {
    const own = plots[place]
    const alike = plots.flatMap((each) => (each && each.means === own?.means ? [each] : []))
    const domains = alike.flatMap(({ domain }) => (domain ? [domain] : []))
    if (!own || alike.length < 2 || domains.length === 0) return panel
    const [min, max] = [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))]
    // Of a logarithmic axis that begins at 0 the lower end is where the rest begins.
    const zero = alike.some(({ beginsAtZero }) => beginsAtZero)
    return { ...panel, [name]: { ...own.axis, min, max, ...(zero ? { zero } : {}) } }
  })
}

/** Of a panel that shows nothing, which has the limits of an empty chart, null. */
function domainsOf(panel: LinePanel): { x: readonly [number, number]; y: readonly [number, number] } | null {
  const { domain, showsZero } = horizontalDomain(panel)
  const extent = verticalExtent(panel, [showsZero ? 0 : domain[0], domain[1]])
  return extent && { x: domain, y: verticalDomain(panel.y, extent) }
}
