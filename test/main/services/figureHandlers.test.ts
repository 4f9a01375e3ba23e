import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import type { HostEvents } from '../../../src/shared/contract.ts'
import { createComposition } from '../../../src/shared/figures/composition.ts'
import type { PanelSource } from '../../../src/shared/figures/sources/sources.ts'
import { workingLaboratories } from '../../support/askLaboratory.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { requestOf } from '../../../src/main/services/requestOf.ts'

const laboratories = workingLaboratories()
const figure = createComposition('of a paper')
const pathOf = () => join(temporaryFolder(), 'own.grokscope')

function opened(path: string) {
  const laboratory = laboratories.open(path)
  const told: HostEvents['figure.changed'][] = []
  laboratory.subscribe((name, data) => {
    if (name === 'figure.changed') told.push(data as HostEvents['figure.changed'])
  })
  return { ask: requestOf(laboratory.handlers), told }
}

it('are written, listed and deleted, and everybody is told of what changed', async () => {
  const { ask, told } = opened(pathOf())
  const { revision } = await ask('figure.write', { figure: { ...figure }, before: null })
  expect(await ask('figure.list', {})).toMatchObject({ figures: [{ figure, revision }], others: [] })
  await ask('figure.write', { figure: { ...figure }, before: revision })
  await expect(ask('figure.remove', { id: figure.id, before: null })).rejects.toMatchObject({ code: 'CONFLICT' })
  await ask('figure.remove', { id: figure.id, before: revision })
  expect(await ask('figure.list', {})).toMatchObject({ figures: [], others: [] })
  expect(told).toEqual([
    { id: figure.id, kept: { figure, revision } },
    { id: figure.id, kept: null },
  ])
})

it('are refused where they are none, with the field that is wrong', async () => {
  const { ask, told } = opened(pathOf())
  const panels = [{ id: 'p', source: { kind: 'circle' } }]
  for (const [given, message] of [
    [{ ...figure, panels }, /^figure\.write: panels\.0\.source\.kind: "circle" has no known kind; one of /],
    [{ ...figure, id: '' }, 'figure.write: id: "" is empty; at least 1 character'],
    [{ ...figure, dimension: 3 }, /^figure\.write: dimension: unknown field/],
  ] as const) {
    const answer = ask('figure.write', { figure: given, before: null })
    await expect(answer).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringMatching(message) })
  }
  await expect(ask('figure.write', { figure: { ...figure }, before: 'x' })).rejects.toThrow('figure.write: before: "x"')
  expect(await ask('figure.list', {})).toMatchObject({ figures: [], others: [] })
  expect(told).toEqual([])
})

it('that are meant for another archive are neither written nor deleted here', async () => {
  const path = pathOf()
  const { ask, told } = opened(path)
  const { archive } = await ask('figure.list', {})
  expect(archive).toBe(path)
  const { revision } = await ask('figure.write', { figure: { ...figure }, before: null, archive })
  const meant = { before: revision, archive: '/another.grokscope' }
  for (const asked of [
    ask('figure.write', { figure: { ...figure, name: 'changed' }, ...meant }),
    ask('figure.remove', { id: figure.id, ...meant }),
  ]) {
    await expect(asked).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `archive: "/another.grokscope" is not the archive that is open here, ${path}`,
    })
  }
  expect(await ask('figure.list', {})).toMatchObject({ figures: [{ figure, revision }] })
  expect(told).toHaveLength(1)
})

it('come with the runs of another archive, and are told of', async () => {
  const [own, path] = [pathOf(), pathOf()]
  const other = openArchive(path)
  const revision = other.figures.write(figure.id, JSON.stringify(figure), null)
  other.close()
  const { ask, told } = opened(own)
  const { id: archive } = await ask('archive.open', { path })
  for (const figures of [1, 0]) expect(await ask('archive.import', { archive })).toMatchObject({ figures })
  expect(told).toEqual([null])
  expect(await ask('figure.list', {})).toMatchObject({ figures: [{ figure, revision }], others: [] })
})

it('are read in present names; what is none of this version stays as it is beside them', async () => {
  const path = pathOf()
  const archive = openArchive(path)
  const source = { kind: 'runs', runIds: ['a'], measurement: 'testMse', vertical: 'log', spread: 'runs' }
  const former = { ...figure, panels: [{ id: 'p', source: { ...source, axis: 'clock' } }] }
  const revision = archive.figures.write(figure.id, JSON.stringify(former), null)
  const others = {
    newer: JSON.stringify({ ...figure, id: 'newer', dimension: 3 }),
    ofAnotherId: JSON.stringify({ ...figure, id: 'this' }),
    cut: '{"id":"cut"',
    deep: `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  }
  for (const [id, document] of Object.entries(others)) archive.figures.write(id, document, null)
  archive.close()
  const { ask } = opened(path)
  const present = { ...figure, panels: [{ id: 'p', source: { ...source, axis: 'computeTime' } }] }
  const list = { figures: [{ figure: present, revision }], others: Object.keys(others).reverse() }
  expect(await ask('figure.list', {})).toMatchObject(list)
  const own = ask('figure.write', { figure: { ...figure, id: 'newer' }, before: null })
  await expect(own).rejects.toMatchObject({ code: 'CONFLICT' })
  await ask('figure.write', { figure: { ...present, name: 'changed' }, before: revision })
  const again = openArchive(path, { readOnly: true })
  for (const [id, document] of Object.entries(others)) {
    expect(again.figures.list().find((kept) => kept.id === id)!.document).toBe(document)
  }
  again.close()
})

it('are read of the files that they name, in whatever order these are opened, and never by a name that another had', async () => {
  const paths = ['a', 'b'].map((name) => join(temporaryFolder(), `${name}.grokscope`))
  for (const path of paths) copyFileSync(join(import.meta.dirname, '../../support/archives/0.1.0.grokscope'), path)
  const { ask } = opened(pathOf())
  const look = { measurement: 'trainLoss', axis: 'step', vertical: 'log', spread: 'runs' } as const
  const drawn = (archive: string) => {
    const source: PanelSource = { kind: 'runs', runIds: ['vjaksg4a'], archive, ...look }
    return ask('figure.script', { figure: { ...figure, panels: [{ id: 'p', source }] } })
  }
  const [path, other] = paths as [string, string]
  const { id } = await ask('archive.open', { path })
  expect(await drawn(path)).toHaveLength(2)
  await expect(drawn(id)).rejects.toThrow(`archive: "${id}" names no file`)
  await expect(drawn(other)).rejects.toThrow(`there is no open archive "${other}"`)
  await ask('archive.close', { archive: id })
  await ask('archive.open', { path: other })
  await expect(drawn(path)).rejects.toThrow(`there is no open archive "${path}"`)
  await ask('archive.open', { path })
  expect(await drawn(path)).toHaveLength(2)
})

it('are read of one’s own archive where they name its file; that is neither closed nor taken over as another', async () => {
  const path = pathOf()
  const { ask } = opened(path)
  expect(await ask('run.list', { archive: path })).toEqual(await ask('run.list', {}))
  for (const name of ['archive.close', 'archive.import'] as const)
    await expect(ask(name, { archive: path })).rejects.toThrow('there is no open archive')
  expect(await ask('figure.list', {})).toMatchObject({ archive: path })
})
