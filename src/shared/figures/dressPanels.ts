import { dressCurves } from '../charts/dressCurves.ts'
import { horizontalDomain, verticalDomain } from '../charts/lineDomains.ts'
import { formatCount, formatGiven } from '../formatting/formatNumber.ts'
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
  return shareLimits(dressSeries(own, sheet, looks), sheet.share ?? 'none')
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
    ...insetProblems(look),
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

function insetProblems({ inset }: PanelLook): string[] {
  return inset && inset.from >= inset.to
    ? [`inset.from is ${inset.from} and inset.to is ${inset.to}: an inset has to begin below its end`]
    : []
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
  return {
    ...panel,
    title,
    x: relabeled(panel.x, look.x?.label),
    y: relabeled(panel.y, look.y?.label),
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
  const { symbol, ...rest } = axis
  return { ...rest, column: axis.column ?? (axis.label || symbol || ''), label: readMathematics(label) }
}

const dashes: readonly Dash[] = ['solid', 'dashed', 'dotted', 'dashDotted']

/** Series that agree in the fields by which they are told apart look alike, in every panel of the figure, and are one entry of a legend. */
function dressSeries(
  panels: readonly (Panel | null)[],
  { palette = 'tol', colorBy, dashBy }: DressSheet,
  looks: readonly (PanelLook | undefined)[],
) {
  const all = panels.flatMap((panel) => (panel?.kind === 'lines' ? panel.series : []))
  const [colors, lines] = [valuesOf(all, colorBy), valuesOf(all, dashBy)]
  const groups = panels.flatMap((panel) => (panel?.kind === 'parallel' ? panel.groups : []))
  const plain = Math.max(0, ...[...all, ...groups].map(({ color = 0 }) => color + 1))
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
    const family = [...new Set(told)]
      .map((name) => `${name} = ${runValueWords(findRunField(name) ?? {}, traits[name]!)}`)
      .join(', ')
    return {
      ...series,
      ...(ink === undefined ? {} : { ink }),
      ...(dashed >= 0 && series.dash === undefined ? { dash: dashes[dashed % dashes.length]! } : {}),
      ...(family === '' ? {} : { family: [family, ofGroup(series)].filter(Boolean).join(', ') }),
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
  if (of?.statistic === undefined) return ''
  const said = family ?? name
  // The name of a group may have commas.
  if (group !== undefined && said.startsWith(`${group}, `)) return said.slice(group.length + 2)
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

/** Panels whose axes mean the same, on one scale, get the widest limits that any of them has. */
export function shareLimits<Some extends Panel | null>(
  panels: readonly Some[],
  share: NonNullable<Sheet['share']>,
): Some[] {
  let shared: Some[] = [...panels]
  for (const name of ['x', 'y'] as const) if (share === name || share === 'both') shared = sharedOn(shared, name)
  return shared
}

function sharedOn<Some extends Panel | null>(panels: readonly Some[], name: 'x' | 'y'): Some[] {
  const isPlot = (panel: Panel | null): panel is LinePanel =>
    panel?.kind === 'lines' && !panel.equalAspect && !panel.each
  const keyOf = ({ [name]: axis }: LinePanel) => `${axis.scale} ${axis.column ?? axis.label} ${axis.symbol ?? ''}`
  const groups = Map.groupBy(
    panels.filter<Some & LinePanel>((panel) => isPlot(panel)),
    keyOf,
  )
  return panels.map((panel) => {
    const group = isPlot(panel) ? groups.get(keyOf(panel))! : []
    if (!isPlot(panel) || group.length < 2) return panel
    const domains = group.map((each) => domainsOf(each)[name])
    const [min, max] = [Math.min(...domains.map(([low]) => low)), Math.max(...domains.map(([, high]) => high))]
    // Of a logarithmic axis that begins at 0 the lower end is where the rest begins.
    const zero = panel[name].scale === 'log' && group.some((each) => each[name].zero ?? each[name].min === 0)
    return { ...panel, [name]: { ...panel[name], min, max, ...(zero ? { zero } : {}) } }
  })
}

function domainsOf(panel: LinePanel): { x: readonly [number, number]; y: readonly [number, number] } {
  const { domain } = horizontalDomain(panel)
  return {
    x: domain,
    y: verticalDomain(
      panel,
      panel.series.map(() => null),
      [-Infinity, domain[1]],
    ),
  }
}
