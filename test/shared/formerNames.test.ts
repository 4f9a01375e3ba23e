import { describe, expect, it } from 'vitest'
import { applySettings } from '../../src/main/cli/applySettings.ts'
import { findColumn, tableColumns } from '../../src/renderer/views/runs/tableColumns.ts'
import { readJson } from '../../src/shared/readJson.ts'
import { LabError } from '../../src/shared/errors.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { filterRuns } from '../../src/shared/query/filterRuns.ts'
import { presentName, renamed, withPresentNames } from '../../src/shared/formerNames.ts'
import { findRunField, runFields } from '../../src/shared/query/runFields.ts'
import { runEventNames } from '../../src/shared/runEventNames.ts'
import { specificationFields } from '../../src/shared/specification/fields.ts'
import { templates } from '../../src/shared/specification/templates.ts'
import { eventsOfFigure6, runSummary } from '../support/runSummary.ts'

const { record: _, ...bare } = templates.isolated as unknown as Record<string, unknown>
const former = { ...bare, record: { memoriseThreshold: 0.5, generaliseThreshold: 0.25 } }

describe('former names', () => {
  it('each mean a name that is in use, and none is in use itself', () => {
    const parts = specificationFields.flatMap(({ path }) => path.split('.'))
    const filters = runFields.flatMap(({ names }) => names)
    const used = new Set<string>([...parts, ...filters, ...runEventNames, ...tableColumns.map(({ id }) => id)])
    for (const [old, present] of renamed) {
      expect([present, used.has(present)]).toEqual([present, true])
      expect([old, used.has(old)]).toEqual([old, false])
    }
  })

  it('are those of a specification, which is read with the names of today', () => {
    expect(parseExperiment(former).record).toMatchObject({ memorizeThreshold: 0.5, generalizeThreshold: 0.25 })
    expect(JSON.stringify(parseExperiment(former))).not.toMatch(/memoris|generalis/)
  })

  it('are refused beside the name of today, by the name that was given', () => {
    const both = { ...bare, record: { memoriseThreshold: 0.5, memorizeThreshold: 0.5 } }
    expect(() => parseExperiment(both)).toThrow('record.memoriseThreshold: unknown field (given 0.5)')
  })

  it('have what is wrong with their value told with the value', () => {
    const wrong = { ...bare, record: { memoriseThreshold: 7 } }
    expect(() => parseExperiment(wrong)).toThrow('record.memorizeThreshold: 7 is too large; allowed: at most 1')
    expect(() => applySettings(former, ['record.generaliseThreshold=x'])).toThrow(LabError)
  })

  it('can be typed as a setting', () => {
    expect(applySettings(former, ['record.memoriseThreshold=0.75']).record).toMatchObject({ memorizeThreshold: 0.75 })
  })

  it('can be typed in a filter, in any case, and are not offered', () => {
    const runs = [runSummary({ id: 'a', events: eventsOfFigure6 }), runSummary({ id: 'b', events: {} })]
    for (const [old, present] of renamed.filter(([, name]) => name.startsWith('t'))) {
      expect(filterRuns(`${old} >= 0`, runs).map(({ id }) => id)).toEqual(['a'])
      expect(findRunField(old.toUpperCase())).toBe(findRunField(present))
      expect(runFields.flatMap(({ names }) => names)).not.toContain(old)
    }
    expect(findRunField('record.memoriseThreshold')).toBe(findRunField('record.memorizeThreshold'))
  })

  it('are those of columns that a browser keeps', () => {
    for (const id of ['memorisedStep', 'generalisedStep', 'generalisedTau', 'firstNorm', 'record.memoriseThreshold']) {
      expect(findColumn(id)?.id).toBe(presentName(id))
    }
  })

  it('are read in the JSON that a browser keeps', () => {
    expect(readJson(JSON.stringify(former)).value).toEqual(withPresentNames(former))
    expect(withPresentNames(former).record).toEqual({ memorizeThreshold: 0.5, generalizeThreshold: 0.25 })
  })

  it('leave what has none as it is, whatever it holds', () => {
    const value = JSON.parse('{"a": [1, {"__proto__": {"b": null}}], "memorized": "memorised"}') as unknown
    expect(withPresentNames(value)).toBe(value)
    const bytes = { memorised: new Float64Array(2) }
    expect(withPresentNames(bytes)).toEqual({ memorized: bytes.memorised })
  })
})
