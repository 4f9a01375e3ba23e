import { LabError } from '../../src/shared/errors.ts'

/** The error that refuses what is done. */
export function refusal(act: () => unknown): LabError {
  try {
    act()
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
