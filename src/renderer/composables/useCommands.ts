import type { RequestName } from '../../shared/contract.ts'
import { isOffered } from './isOffered.ts'
import { computed, onScopeDispose, shallowReactive, shallowRef } from 'vue'

export interface Command {
  label: string
  /** Where it belongs, shown before the label: "Run", "Go to". */
  group: string
  /** As pressed: `mod+k`, `shift+arrowright`, `space`, `?`, or two keys in turn: `g r`. */
  keys?: string
  /** In the keyboard map only, since it needs no entry in the palette. */
  hidden?: boolean
  /** What else a person should know to tell it from others, shown after the label. */
  about?: string
  /** Searched as well, not shown. */
  words?: string
  /** What tells it from others that read alike: of a run its id. */
  id?: string
  /** Also while a text is written. */
  whileTyping?: boolean
  enabled?: () => boolean
  /** What it asks of the host first, without which it is not offered. */
  sends?: RequestName
  run: () => unknown
}

/** A key of one control, which the keyboard map lists as well. */
export type ControlKey = Pick<Command, 'label' | 'enabled' | 'sends'> & { keys: string; run: () => unknown }

const groups = shallowReactive(new Set<readonly Command[]>())
const isThere = ({ sends }: Pick<Command, 'sends'>) => sends === undefined || isOffered(sends)
const commands = computed(() => [...groups].flat().filter(isThere))
const controlKeys = shallowReactive(new Set<{ group: string; keys: readonly ControlKey[] }>())
const paletteOpen = shallowRef(false)
const mapOpen = shallowRef(false)
const isMac = navigator.platform.startsWith('Mac')
const pendingFor = 900

/** Offers commands to the palette, the keyboard and its map, for as long as the caller's scope lives. */
export function useCommands(offered: readonly Command[]): void {
  groups.add(offered)
  onScopeDispose(() => groups.delete(offered))
}

/** Binds keys of one control: what it is to listen with. The map has them for as long as the control is there. */
export function useKeys(group: string, keys: readonly ControlKey[]): (event: KeyboardEvent) => void {
  const offered = { group, keys }
  controlKeys.add(offered)
  onScopeDispose(() => controlKeys.delete(offered))
  return (event) => {
    const pressed = event.isComposing ? null : describeKeys(event)
    const found = keys.find((each) => each.keys === pressed && isThere(each) && each.enabled?.() !== false)
    if (!found) return
    event.preventDefault()
    void found.run()
  }
}

export function useCommandPalette() {
  return { commands, paletteOpen, mapOpen }
}

/** Every key that is bound where one is, by the groups of what it does. */
export function useBoundKeys() {
  return computed(() => {
    const ofControls = [...controlKeys].flatMap(({ group, keys }) =>
      keys.filter(isThere).map((each) => ({ ...each, group })),
    )
    const bound = [...commands.value, ...ofControls].flatMap(({ group, label, keys }) =>
      keys ? { group, label, keys } : [],
    )
    // Several controls of one kind have the same keys.
    return [...new Map(bound.map((each) => [`${each.group} ${each.label} ${each.keys}`, each])).values()]
  })
}

/** Carries out the command whose keys were pressed; text fields keep those that they need. */
export function listenToKeyboard(): void {
  let pending = ''
  let timer = 0
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || paletteOpen.value) return
    const pressed = describeKeys(event)
    if (!pressed || isInOverlay(event.target)) return
    if (isControl(event.target) && ['space', 'enter'].includes(pressed)) return
    const typing = isTyping(event.target)
    const sequence = pending ? `${pending} ${pressed}` : pressed
    const find = (keys: string) =>
      commands.value.findLast(
        (command) => command.keys === keys && (command.whileTyping || !typing) && command.enabled?.() !== false,
      )
    const command = find(sequence) ?? find(pressed)
    clearTimeout(timer)
    pending = ''
    if (command) {
      event.preventDefault()
      void command.run()
    } else if (!typing && commands.value.some(({ keys }) => keys?.startsWith(`${pressed} `))) {
      pending = pressed
      timer = window.setTimeout(() => (pending = ''), pendingFor)
    }
  })
}

/** Keys as a person reads them, one entry for each key cap. */
export function keyCaps(keys: string): string[] {
  return keys.split(/[+ ]/).map((key) => capNames[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}

const capNames: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: '⇧',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'esc',
  enter: 'enter',
  space: 'space',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  f8: 'F8',
  f10: 'F10',
}

function describeKeys(event: KeyboardEvent): string | null {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  if (['shift', 'control', 'meta', 'alt'].includes(key)) return null
  const mod = isMac ? event.metaKey : event.ctrlKey
  // A character such as ? already tells that shift was held.
  const shift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key))
  return [mod && 'mod', event.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+')
}

/** Whether a text is written or marked there, which has a menu of its own. */
export function isTextAt(target: EventTarget | null): boolean {
  const marked = getSelection()
  return isTyping(target) || (marked !== null && !marked.isCollapsed && marked.containsNode(target as Node, true))
}

/** Asks for the context menu of what has the focus, as the key for it does where a keyboard has one. */
export function openContextMenu(): void {
  document.activeElement?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type="checkbox"]):not([type="range"]), textarea, select'))
  )
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('button, a, [role="checkbox"], [role="menuitem"], [role="tab"]')
  )
}

function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="menu"], [role="dialog"]') !== null
}
