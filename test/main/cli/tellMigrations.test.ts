import { expect, it } from 'vitest'
import { tellMigrations } from '../../../src/main/cli/tellMigrations.ts'
import { migrationProgress } from '../../../src/main/store/migrations/migrationProgress.ts'

it('an old archive of many runs is told of as it is brought to this version, one of few is not', () => {
  const outputs = [true, false].map((isTTY) => {
    const written: string[] = []
    const write = (text: string | Uint8Array) => written.push(String(text)) > 0
    tellMigrations({ isTTY, write })
    return written
  })
  for (const runs of [999, 20_000]) {
    for (let share = 0; share <= 100; share++) {
      migrationProgress.publish({ path: '/home/a\u001b[2J', from: 6, to: 11, runs, share: share / 100 })
    }
  }
  const [terminal, file] = outputs.map((written) => written.join(''))
  expect(file!.split('\n')).toEqual([
    '/home/a�[2J: upgrading from archive version 6 to 11, 20\u2009000 runs',
    ...[10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `${percent} %`),
    '',
  ])
  expect(terminal!.split('\n')[1]!.split('\r').slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => `${i + 1} %`))
})
