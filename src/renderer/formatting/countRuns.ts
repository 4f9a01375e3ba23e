export function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`
}
