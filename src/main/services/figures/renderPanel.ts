import { init, use } from 'echarts/core'
import { LineChart, ScatterChart } from 'echarts/charts'
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components'
import { SVGRenderer } from 'echarts/renderers'
import type { Panel } from '../../../shared/panel.ts'
import { panelOption, type PanelStyle } from './panelOption.ts'

use([
  LineChart,
  ScatterChart,
  GridComponent,
  TitleComponent,
  LegendComponent,
  MarkLineComponent,
  MarkAreaComponent,
  GraphicComponent,
  SVGRenderer,
])

const screenStyle: PanelStyle = {
  width: 480,
  height: 360,
  fontFamily: 'Inter, Helvetica, Arial, sans-serif',
  fontSize: 11,
}

/** A panel as a standalone SVG document, drawn without a browser (ECharts server-side rendering). */
export function renderPanel(panel: Panel, style: PanelStyle = screenStyle): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: style.width, height: style.height })
  try {
    chart.setOption(panelOption(panel, style))
    return forPrint(chart.renderToSVGString({ useViewBox: true }))
  } finally {
    chart.dispose()
  }
}

/** Without what is for the screen alone (a pointer over marks), and with ids that do not count other charts. */
function forPrint(svg: string): string {
  return svg
    .replace(/<style[^>]*>[^]*?<\/style>\n?/, '')
    .replaceAll(/ (class|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, 'clip-')
}
