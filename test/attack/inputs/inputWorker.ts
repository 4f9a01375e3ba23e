import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeClientMessage, decodeServerMessage } from '../../../src/shared/wire.ts'
import { callProgram } from '../../support/callProgram.ts'
import { serveCases } from '../caseWorker.ts'
import { dice, type Dice } from '../dice.ts'
import { faultsOfText, type CaseResult } from '../finding.ts'
import { inputKindOf, type AttackedInputs, type InputKind } from './attackInputs.ts'
import { message } from './messages.ts'
import { query } from './queries.ts'
import { settings } from './settings.ts'
import { mutatedSpecification, validSpecifications } from './specifications.ts'

/** A process that gives the program one hostile input after another; what it accepts goes no further. */
const { seed, base, folder, runIds } = JSON.parse(process.argv[2]!) as AttackedInputs & { runIds: string[] }

/** No archive can be a folder: a specification that is accepted ends there, before anything is computed. */
const noArchive = join(folder, 'folder')
mkdirSync(noArchive, { recursive: true })

type Attempt = (dice: Dice, file: string, number: number) => Promise<Pick<CaseResult, 'what' | 'outcome' | 'findings'>>

const attempts: Record<Exclude<InputKind, 'message to a host'>, Attempt> = {
  async specification(dice, file) {
    const { what, text } = mutatedSpecification(dice)
    writeFileSync(file, text)
    return { what, ...(await call('run', file, '--yes', '--archive', noArchive)) }
  },
  async settings(dice, file) {
    const given = settings(dice)
    const path = `${file}.json`
    writeFileSync(path, JSON.stringify(dice.pick(validSpecifications)))
    writeFileSync(file, given.join('\n'))
    const options = given.flatMap((setting) => ['--set', setting])
    return {
      what: given.join('  ').slice(0, 200),
      ...(await call('run', path, ...options, '--yes', '--archive', noArchive)),
    }
  },
  async query(dice, file) {
    const text = query(dice)
    writeFileSync(file, text)
    return { what: text.slice(0, 200), ...(await call('list', text, '--archive', base)) }
  },
  async 'message to a decoder'(dice, file, number) {
    const { what, bytes } = message(number, runIds, dice)
    writeFileSync(file, bytes)
    try {
      dice.pick([decodeClientMessage, decodeServerMessage])(bytes)
    } catch {
      return { what, outcome: 'refused', findings: [] }
    }
    const isPolluted = 'polluted' in Object.prototype
    return isPolluted
      ? { what, outcome: 'finding', findings: [{ fault: 'internal error', at: 'decode', text: 'prototype changed' }] }
      : { what, outcome: 'same', findings: [] }
  },
}

serveCases(async (number) => {
  const kind = inputKindOf(number) as keyof typeof attempts
  const file = join(folder, `case-${number}`)
  const result = await attempts[kind](dice(seed, 'inputs', number), file, number)
  return { number, kind, ...result, files: [file] }
})

async function call(...options: string[]): Promise<Pick<CaseResult, 'outcome' | 'findings'>> {
  const { code, stderr } = await callProgram(...options)
  const findings = faultsOfText(options[0]!, stderr)
  if (code !== 0 && stderr === '') findings.push({ fault: 'unanswered', at: options[0]!, text: `exit code ${code}` })
  const isAccepted = code === 0 || stderr.includes('is a folder; an archive is a file')
  return { outcome: findings.length > 0 ? 'finding' : isAccepted ? 'same' : 'refused', findings }
}
