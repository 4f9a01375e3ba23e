import type { ExperimentSpec } from '../../../shared/experiment.ts'
import {
  devices,
  isDeviceKind,
  whyNotComputed,
  type BackendDescription,
  type BackendKind,
} from '../../../shared/machine.ts'

/** Nothing asked for: the host takes what it measured to be the fastest. */
export const automatic = 'auto'
export type BackendWish = typeof automatic | BackendKind

export interface BackendChoice {
  value: BackendWish
  label: string
  hint?: string
  disabled?: boolean
}

const names: Record<Exclude<BackendKind, keyof typeof devices>, string> = {
  wasm: 'WebAssembly',
  blas: 'System BLAS',
  plain: 'Plain TypeScript',
}

/** What a backend is called in lists. */
export function backendName(kind: BackendKind): string {
  return isDeviceKind(kind) ? devices[kind] : names[kind]
}

/** What was found on this machine to compute runs of a specification; a device that does not compute it says why. */
export function backendChoices(spec: ExperimentSpec | null, found: readonly BackendDescription[]): BackendChoice[] {
  const there = found.filter(({ available, kind }) => available && kind !== 'plain')
  return [
    { value: automatic, label: 'The fastest processor backend' },
    ...there.map(({ kind, description }) => {
      const label = backendName(kind)
      const why = spec && whyNotComputed(spec, kind)
      return why === null
        ? { value: kind, label, hint: description }
        : { value: kind, label, hint: why, disabled: true }
    }),
  ]
}
