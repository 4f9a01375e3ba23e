import { LabError } from './errors.ts'

export function invalidFile(path: string, problem: string): LabError {
  return new LabError('INVALID_FILE', `${path}: ${problem}`)
}
