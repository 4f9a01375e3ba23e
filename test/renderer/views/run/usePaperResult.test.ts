import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { usePaperResult } from '../../../../src/renderer/views/run/usePaperResult.ts'
import type { FigureCard } from '../../../../src/shared/contract/papers.ts'
import type { FigureResult } from '../../../../src/shared/papers/figure.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

it('the claims beside a run are those of its own figure, also until these are read and where there are none', async () => {
  const settled = () => new Promise((done) => setTimeout(done))
  const resultOf = (figure: string) => ({ figure, claims: [] }) as unknown as FigureResult
  const cardOf = (id: string) => ({ id, runIds: ['a', 'b', 'c'], result: resultOf(id) }) as unknown as FigureCard
  const run = shallowRef<RunSummary | undefined>(runSummary({ id: 'a', figure: 'musat2025/fig6' }))
  const scope = effectScope()
  const result = scope.run(() => usePaperResult(run))!
  host.last('paper.list').answer([cardOf('musat2025/fig6')])
  await settled()
  expect(result.value?.figure).toBe('musat2025/fig6')
  run.value = runSummary({ id: 'b', figure: 'musat2025/fig6' })
  await nextTick()
  expect(result.value?.figure).toBe('musat2025/fig6')
  run.value = runSummary({ id: 'c', figure: 'musat2025/fig7' })
  await nextTick()
  expect(result.value).toBeNull()
  host.last('paper.list').answer([cardOf('musat2025/fig6')])
  await settled()
  expect(result.value).toBeNull()
  scope.stop()
})
