import type { EChartsOption, SeriesOption } from 'echarts'
import type { Axis, HeatmapPanel, LinePanel, Panel, Series } from '../../../shared/panel.ts'
import { colourAt, seriesColours } from './palettes.ts'
import { heatmapImage } from './heatmapImage.ts'

/** Sizes of a printed panel, in points. */
export interface PanelStyle {
  width: number
  height: number
  fontFamily: string
  fontSize: number
}

const ink = '#17191b'
const muted = '#b4b6b4'
const quiet = '#63676b'
const hairline = '#cfcfc8'
const grid = '#efefeb'

/** A panel as an ECharts option for print: on white, no animation, axes with words and units, cells as one raster. */
export function panelOption(panel: Panel, style: PanelStyle): EChartsOption {
  return panel.kind === 'lines' ? lineOption(panel, style) : heatmapOption(panel, style)
}

function lineOption(panel: LinePanel, style: PanelStyle): EChartsOption {
  const drawn = panel.series.filter(({ x }) => x.length > 0)
  const legend = drawn.length > 1
  return {
    ...frame(panel, style),
    grid: plotArea(panel, style, legend ? legendRows(drawn, style) : 0),
    legend: legend
      ? {
          bottom: 0,
          itemWidth: 1.6 * style.fontSize,
          itemHeight: 0.8 * style.fontSize,
          itemGap: style.fontSize,
          textStyle: { fontSize: 0.9 * style.fontSize, color: quiet },
          data: drawn.map(({ name, role }) => ({ name, icon: isPoints(role) ? 'circle' : lineIcon })),
        }
      : { show: false },
    xAxis: axisOption(panel.x, style, 'x'),
    yAxis: axisOption(panel.y, style, 'y'),
    series: [...drawn.map((series) => seriesOption(series, panel)), ...expectationSeries(panel, style)],
  }
}

/** How many rows the legend takes, from the usual width of a letter. */
function legendRows(drawn: readonly Series[], { width, fontSize }: PanelStyle): number {
  let rows = 1
  let used = 0
  for (const { name } of drawn) {
    const item = 3.2 * fontSize + 0.52 * fontSize * name.length
    if (used > 0 && used + item > width) {
      rows += 1
      used = 0
    }
    used += item
  }
  return rows
}

/** The rectangle between the axes; with one unit of length on both where the panel asks for it. */
function plotArea({ x, y, equalAspect }: LinePanel, { width, height, fontSize }: PanelStyle, legend: number) {
  const left = 5 * fontSize
  const top = 4.5 * fontSize
  const free = { width: width - left - 2 * fontSize, height: height - top - (3.5 + 1.6 * legend) * fontSize }
  const spanX = (x.most ?? NaN) - (x.least ?? NaN)
  const spanY = (y.most ?? NaN) - (y.least ?? NaN)
  const unit = Math.min(free.width / spanX, free.height / spanY)
  if (!equalAspect || Number.isNaN(unit)) return { left, top, ...free }
  return { left, top, width: unit * spanX, height: unit * spanY }
}

function seriesOption(series: Series, panel: LinePanel): SeriesOption {
  const colour = colourOf(series)
  const data = points(series, panel)
  if (isPoints(series.role)) {
    const faded = series.role === 'start'
    return {
      type: 'scatter',
      name: series.name,
      data,
      symbolSize: faded ? 3 : 4.5,
      itemStyle: { color: colour },
    }
  }
  return {
    type: 'line',
    name: series.name,
    data,
    showSymbol: false,
    lineStyle: {
      color: colour,
      width: series.role === 'mean' ? 1.8 : 1,
      type: series.role === 'theory' ? 'dashed' : 'solid',
    },
    itemStyle: { color: colour },
  }
}

function colourOf({ role, colour = 0 }: Series): string {
  if (role === 'mean') return ink
  return role === 'context' || role === 'start' ? muted : seriesColours[colour % seriesColours.length]!
}

/** A short horizontal stroke. */
const lineIcon = 'path://M0,4 L16,4 L16,5 L0,5 Z'

function isPoints(role: Series['role']): boolean {
  return role === 'points' || role === 'start'
}

/** A logarithmic axis has no place for what is not above 0: such points are gaps. */
function points({ x, y }: Series, panel: LinePanel): [number, number | '-'][] {
  const onAxis = (value: number, axis: Axis) => Number.isFinite(value) && (axis.scale === 'linear' || value > 0)
  return Array.from(x, (value, i): [number, number | '-'] => [value, onAxis(y[i]!, panel.y) ? y[i]! : '-']).filter(
    ([value]) => onAxis(value, panel.x),
  )
}

/** Levels as dotted lines, expectations as brackets or bands, all with their words. */
function expectationSeries({ levels = [], expectations = [] }: LinePanel, style: PanelStyle): SeriesOption[] {
  const label = { fontSize: 0.85 * style.fontSize, color: quiet }
  return [
    {
      type: 'line',
      name: '',
      data: [],
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: quiet, type: 'dotted', width: 0.7 },
        data: levels.map(({ at, label: text }) => ({
          yAxis: at,
          label: { ...label, formatter: text, position: 'insideEndTop' as const },
        })),
      },
      markArea: {
        silent: true,
        itemStyle: { color: '#22883322' },
        data: expectations.map(({ label: text, fromX, toX, least, most }) => [
          {
            name: text,
            label,
            ...(fromX === undefined ? {} : { xAxis: fromX }),
            ...(least === undefined ? {} : { yAxis: least }),
          },
          { ...(toX === undefined ? {} : { xAxis: toX }), ...(most === undefined ? {} : { yAxis: most }) },
        ]),
      },
    },
  ]
}

function heatmapOption(panel: HeatmapPanel, style: PanelStyle): EChartsOption {
  const { rows, columns } = panel.matrix
  const left = 4 * style.fontSize
  const top = 3.5 * style.fontSize
  const side = Math.min(
    (style.width - left - 5 * style.fontSize) / columns,
    (style.height - top - 3.5 * style.fontSize) / rows,
  )
  const [width, height] = [side * columns, side * rows]
  const image = heatmapImage(panel.matrix, panel.colours, panel.range)
  const bar = { x: left + width + style.fontSize, y: top, width: 0.8 * style.fontSize, height }
  return {
    ...frame(panel, style),
    grid: { left, top, width, height },
    xAxis: { ...axisOption(panel.x, style, 'x'), ...cellAxis(columns, panel.x) },
    yAxis: { ...axisOption(panel.y, style, 'y'), ...cellAxis(rows, panel.y), inverse: true, nameLocation: 'start' },
    series: [],
    graphic: [
      { type: 'image', style: { image, x: left, y: top, width, height } },
      { type: 'rect', shape: bar, style: { fill: colourBar(panel), stroke: hairline, lineWidth: 0.5 } },
      ...panel.range.toReversed().map((value, i) => ({
        type: 'text' as const,
        style: {
          text: String(value),
          x: bar.x + bar.width + 0.3 * style.fontSize,
          y: bar.y + (i === 0 ? 0 : height),
          textVerticalAlign: i === 0 ? ('top' as const) : ('bottom' as const),
          fontSize: 0.9 * style.fontSize,
          fontFamily: style.fontFamily,
          fill: quiet,
        },
      })),
    ],
  }
}

function colourBar(panel: HeatmapPanel) {
  const stops = Array.from({ length: 17 }, (_, i) => i / 16)
  return {
    type: 'linear' as const,
    x: 0,
    y: 1,
    x2: 0,
    y2: 0,
    colorStops: stops.map((offset) => ({ offset, color: `rgb(${colourAt(panel.colours, offset).join(', ')})` })),
  }
}

/** Cell i lies between i and i + 1; its label stands in its middle. */
function cellAxis(count: number, axis: Axis) {
  const every = Math.max(1, Math.ceil(count / 12))
  return {
    type: 'category' as const,
    data: Array.from({ length: count }, (_, i) => axis.ticks?.find(({ at }) => at === i)?.label ?? String(i)),
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { interval: (index: number) => index % every === 0, fontSize: 8, color: quiet },
  }
}

function axisOption(axis: Axis, style: PanelStyle, side: 'x' | 'y') {
  const label = axis.symbol ? `${axis.label} ${axis.symbol}` : axis.label
  return {
    type: axis.scale === 'log' ? ('log' as const) : ('value' as const),
    name: label,
    nameLocation: 'end' as const,
    nameTextStyle: {
      fontSize: style.fontSize,
      color: ink,
      align: side === 'x' ? ('right' as const) : ('left' as const),
      verticalAlign: side === 'x' ? ('top' as const) : ('bottom' as const),
      padding: side === 'x' ? [1.9 * style.fontSize, 0, 0, 0] : [0, 0, 0, -4 * style.fontSize],
    },
    nameGap: side === 'x' ? 0 : 0.6 * style.fontSize,
    min: axis.least,
    max: axis.most,
    scale: true,
    axisLine: { show: side === 'x', lineStyle: { color: hairline }, onZero: false },
    axisTick: { show: side === 'x', lineStyle: { color: hairline } },
    axisLabel: { fontSize: 0.95 * style.fontSize, color: quiet, hideOverlap: true, formatter: tickText(axis.scale) },
    splitLine: { show: side === 'y', lineStyle: { color: grid } },
  }
}

/** Thin spaces group thousands, powers of ten stand on log axes, a true minus stands before what is negative. */
function tickText(scale: Axis['scale']): (value: number) => string {
  return (value) => {
    if (scale === 'log' && (value >= 1e4 || value < 1e-2)) return `10${superscript(Math.round(Math.log10(value)))}`
    return String(Number(value.toPrecision(6)))
      .replace('-', '−')
      .replace(
        /^(−?)(\d{5,})(?=$|\.)/,
        (_, sign: string, digits: string) => sign + digits.replaceAll(/\B(?=(\d{3})+$)/g, '\u2009'),
      )
  }
}

function superscript(power: number): string {
  return String(power).replaceAll(/[-0-9]/g, (character) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(character)]!)
}

function frame(panel: Panel, style: PanelStyle): EChartsOption {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: style.fontFamily, fontSize: style.fontSize, color: ink },
    title: {
      text: panel.title,
      subtext: panel.caption,
      left: 0,
      top: 0,
      itemGap: 2,
      textStyle: { fontSize: 1.1 * style.fontSize, fontWeight: 'bold', color: ink },
      subtextStyle: { fontSize: 0.9 * style.fontSize, color: quiet },
    },
  }
}
