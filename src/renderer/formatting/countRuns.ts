import { countThings } from '../../shared/formatting/countThings.ts'

export function countRuns(count: number): string {
  return countThings(count, 'run')
}
