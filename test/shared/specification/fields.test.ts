import { describe, expect, it } from 'vitest'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { describeBounds } from '../../../src/shared/specification/bounds.ts'
import { findField, specificationFields } from '../../../src/shared/specification/fields.ts'
import { studyKinds } from '../../../src/shared/studies/studies.ts'
import { templates } from '../../../src/shared/specification/templates.ts'

/** Where there is no study. */
const composed = { path: 'study.kind', value: '' }

describe('the fields of a specification', () => {
  it('each have words, which are not those of another field beside it', () => {
    for (const { path, words } of specificationFields) {
      expect(words.label, path).toMatch(/^[a-z]/)
      expect(words.help, path).toMatch(/[.)]$/)
    }
    const labels = specificationFields.map(({ path, words }) => `${path.replace(/\.[^.]+$/, '')} ${words.label}`)
    expect(new Set(labels).size).toBe(labels.length)
  })

  it('say of every choice what it is only where there is such a choice', () => {
    for (const { path, words, choices } of specificationFields) {
      for (const named of Object.keys(words.choices ?? {})) expect(choices, path).toContain(named)
    }
  })

  it('are all that a whole specification has', () => {
    for (const template of Object.values(templates)) {
      for (const path of pathsOf(parseExperiment(template))) expect(findField(path), path).toBeDefined()
    }
  })

  it('have the bounds of the schema, which refuses what lies beyond', () => {
    const words = specificationFields.map(({ path, bounds }) => [path, describeBounds(bounds, String)] as const)
    expect(Object.fromEntries(words)).toMatchObject({
      'task.modulus': '2 to 509',
      'task.trainFraction': 'above 0 to 1',
      'dynamics.optimizer.beta1': '0 to below 1',
      'dynamics.optimizer.epsilon': 'above 0',
      'dynamics.ridge': '0 or more',
      'record.geometry.lag': '1 to 1000000000',
      'network.activation': '',
    })
    const beyond = { ...templates.isolated, task: { ...templates.isolated.task, modulus: 510 } }
    expect(() => parseExperiment(beyond)).toThrow('at most 509')
  })

  it('are there where their kinds are', () => {
    expect(findField('dynamics.optimizer.beta1')!.where).toEqual([
      [composed, { path: 'dynamics.kind', value: 'training' }, { path: 'dynamics.optimizer.kind', value: 'adamw' }],
    ])
    expect(findField('dynamics.ridge')!.where.map(([, kind]) => kind!.value)).toEqual(['isolated', 'gradientFlow'])
    expect(findField('precision')!.where).toEqual([[composed]])
  })

  it('of studies and of what composes are there in turn, and both have a name and seeds', () => {
    const studied = studyKinds.map((value) => [{ path: 'study.kind', value }])
    expect(findField('record.arrays')!.where).toEqual(studied)
    expect(findField('record.snapshots')!.where).toEqual([[composed]])
    for (const path of ['name', 'seeds']) expect(findField(path)!.where).toEqual([[composed], ...studied])
  })
})

/** Of all plain values and lists in it. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, path === '' ? name : `${path}.${name}`))
}
