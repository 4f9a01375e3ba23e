import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useFound, type Finder } from '../../../src/renderer/components/useFound.ts'

describe('what finders know', () => {
  const requested: { query: string; answer: (labels: string[]) => void; fail: (error: Error) => void }[] = []
  const finder: Finder = (query) =>
    new Promise((resolve, reject) =>
      requested.push({
        query,
        answer: (labels) => resolve(labels.map((label) => ({ group: 'Run', label, run: () => undefined }))),
        fail: reject,
      }),
    )
  const query = shallowRef('')
  const open = shallowRef(false)
  let scope = effectScope()
  let found: ReturnType<typeof useFound>
  const labels = () => found.answers.value.flatMap((answer) => answer.found.map(({ label }) => label))
  const settle = async () => {
    for (let k = 0; k < 5; k++) await nextTick()
  }

  beforeEach(async () => {
    requested.length = 0
    query.value = ''
    open.value = false
    scope = effectScope()
    found = scope.run(() => useFound([finder], query, open))!
    open.value = true
    await settle()
  })
  afterEach(() => scope.stop())

  it('is asked one question at a time, of which the newest comes next', async () => {
    for (const text of ['w', 'wi', 'wide']) {
      query.value = text
      await settle()
    }
    expect(requested.map((each) => each.query)).toEqual([''])
    requested[0]!.answer(['newest'])
    await settle()
    expect(requested.map((each) => each.query)).toEqual(['', 'wide'])
  })

  it('stays until there is newer, and says meanwhile that it is behind', async () => {
    requested[0]!.answer(['newest'])
    await settle()
    expect([labels(), found.isBehind.value]).toEqual([['newest'], false])
    query.value = 'wide'
    await settle()
    expect([labels(), found.isBehind.value]).toEqual([['newest'], true])
    requested[1]!.answer(['wide'])
    await settle()
    expect([labels(), found.isBehind.value]).toEqual([['wide'], false])
  })

  it('is told where a finder fails, which is asked again', async () => {
    requested[0]!.fail(new Error('the host is away'))
    await settle()
    expect(found.answers.value[0]!.failure).toMatchObject({ message: 'the host is away' })
    query.value = 'wide'
    await settle()
    requested[1]!.answer(['wide'])
    await settle()
    expect(labels()).toEqual(['wide'])
  })

  it('is asked anew each time that it is looked for, and not where nobody looks', async () => {
    requested[0]!.answer(['newest'])
    await settle()
    open.value = false
    await settle()
    query.value = 'unseen'
    await settle()
    expect(requested).toHaveLength(1)
    query.value = ''
    open.value = true
    await settle()
    expect(requested).toHaveLength(2)
  })
})
