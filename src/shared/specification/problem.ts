import type { Repair } from './paths.ts'

/** What a field that is right alone is wrong in beside the others, and what would put it right. */
export interface Problem {
  path: (string | number)[]
  value: unknown
  message: string
  repairs?: readonly Repair[]
}

/** The repair that gives a field another value, or takes it out. */
export function setTo(path: string, value: unknown, label = `Set ${String(value).replaceAll(',', ', ')}`): Repair {
  return { label, changes: [{ path, value }] }
}
