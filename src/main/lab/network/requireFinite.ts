import { LabError } from '../../../shared/errors.ts'

/** Throws DIVERGED where a norm is not a finite number. */
export function requireFinite(value: number, what: string): void {
  if (!Number.isFinite(value)) {
    throw new LabError('DIVERGED', `${what} is ${value}: the integration left the finite numbers`)
  }
}
