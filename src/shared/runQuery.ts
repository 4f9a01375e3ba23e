import type { RunSummary } from './run.ts'
export function filterRuns(text: string, runs: readonly RunSummary[]): RunSummary[] {
  return text.trim() === '' ? [...runs] : [...runs]
}
