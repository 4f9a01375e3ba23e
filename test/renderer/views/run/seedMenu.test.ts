import { expect, it, vi } from 'vitest'
import { seedMenu } from '../../../../src/renderer/views/run/seedMenu.ts'
import type { RunStatus } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

const labels = (status: RunStatus, given: Partial<Parameters<typeof seedMenu>[1]> = {}) =>
  seedMenu(runSummary({ status }), {
    ...{ readOnly: false, isNewer: false, open: () => {}, openNew: () => {} },
    ...given,
  }).map((item) => item?.label)

it('a seed can be gone on with as it stands, and computed again', () => {
  expect(labels('finished')).toEqual(['Open', undefined, 'Run again exactly'])
  expect(labels('interrupted')).toEqual(['Open', undefined, 'Resume', 'Run again exactly'])
})

it('a seed that a newer version made is neither resumed nor computed again, and one to be looked at only opened', () => {
  for (const status of ['finished', 'interrupted', 'failed'] as const)
    expect(labels(status, { isNewer: true })).toEqual(['Open'])
  expect(labels('interrupted', { readOnly: true })).toEqual(['Open'])
})
