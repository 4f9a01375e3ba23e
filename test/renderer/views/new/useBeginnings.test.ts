import { createApp, effectScope, ref, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { expect, it, vi } from 'vitest'
import { useBeginnings } from '../../../../src/renderer/views/new/useBeginnings.ts'
import type { Draft } from '../../../../src/renderer/views/new/useDraft.ts'
import type { Responses } from '../../../../src/shared/contract.ts'
import type { SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { templates } from '../../../../src/shared/specification/templates.ts'
import { host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'
import { runSpec } from '../../../support/runs.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

it('a draft is not begun from a run that is told late, where something else was begun meanwhile', async () => {
  const settled = () => new Promise((done) => setTimeout(done))
  const routes = [{ path: '/new', name: 'new', component: {} }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push('/new?from=a')
  const app = createApp({})
  app.use(router)
  const begun: unknown[] = []
  const begin = (spec: SpecDraft) => begun.push(spec['name'])
  const draft = { kept: shallowRef({}), isTouched: ref(false), begin } as unknown as Draft
  const scope = effectScope()
  const { openGiven } = app.runWithContext(() => scope.run(() => useBeginnings(draft, () => {})))!
  const shownAs = (name: string) => {
    const spec = runSpec({ ...templates.isolated, name })
    return { ...runSummary({ name }), spec, foreignSpec: null } as unknown as Responses['run.show']
  }
  const early = host.last('run.show')
  await router.push('/new?from=b')
  host.last('run.show').answer(shownAs('b'))
  await settled()
  early.answer(shownAs('a'))
  await settled()
  expect(begun).toEqual(['b'])

  await router.push('/new?from=a')
  openGiven({ ...templates.isolated, name: 'a file' } as SpecDraft, 'a file')
  host.last('run.show').answer(shownAs('a'))
  await settled()
  expect(begun).toEqual(['b', 'a file'])
  scope.stop()
})
