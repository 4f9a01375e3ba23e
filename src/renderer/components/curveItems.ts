import type { Ref } from 'vue'
import {
  canBeDressed,
  changeLooks,
  curveColors,
  type CurveLook,
  type CurveLooks,
} from '../../shared/charts/dressCurves.ts'
import { plainText } from '../../shared/formatting/setSymbols.ts'
import type { LinePanel, Panel } from '../../shared/panel.ts'
import { shorten } from '../../shared/shorten.ts'
import type { PointedCurves } from '../charts/chartFrame.ts'
import type { MenuItem } from './DropMenu.vue'

/** What can be done with the curves that are pointed at in a panel, of which `shown` is what is seen. */
export function curveItemsOf(
  { label, names }: PointedCurves,
  { panel, shown, looks, copy }: Shown,
): (MenuItem | null)[] {
  const isOwn = ({ name }: { name: string }) => names.includes(name)
  const others = shown.series.filter((series) => !isOwn(series))
  const own = panel.series.filter(isOwn)
  const dressable = own.filter(canBeDressed)
  const isStrong = dressable.some(({ name }) => looks.value[name]?.strong)
  const color = looks.value[dressable[0]?.name ?? '']?.color ?? dressable[0]?.color ?? curveColors - 1
  const change = (series: readonly { name: string }[], to: (look: CurveLook) => CurveLook) => () => {
    const named = series.map(({ name }) => name)
    looks.value = changeLooks(looks.value, named, to)
  }
  const hide = (look: CurveLook): CurveLook => ({ ...look, hidden: true })
  const short = shorten(plainText(label), 40)
  const canBeStrong = dressable.some(({ role }) => role === 'single')
  return [
    { label: `Hide ${short}`, disabled: others.length === 0, run: change(own, hide) },
    { label: `Only ${short}`, disabled: others.length === 0, run: change(others, hide) },
    {
      label: isStrong ? `${short} no longer strong` : `Strengthen ${short}`,
      disabled: !canBeStrong,
      run: change(dressable, (look) => ({ ...look, strong: isStrong ? undefined : true })),
    },
    {
      label: `Another color for ${short}`,
      disabled: dressable.length === 0,
      run: change(dressable, (look) => ({ ...look, color: (color + 1) % curveColors })),
    },
    ...(own.some(({ name }) => looks.value[name])
      ? [{ label: `${short} as it was`, run: change(own, () => ({})) }]
      : []),
    { label: `Copy values of ${short}`, run: () => copy({ ...shown, series: shown.series.filter(isOwn) }, label) },
    null,
  ]
}

interface Shown {
  panel: LinePanel
  shown: LinePanel
  looks: Ref<CurveLooks>
  copy: (of: Panel, name: string) => unknown
}
