import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Result } from '../../../src/shared/errors.ts'
import { dice } from '../dice.ts'
import { faultsOfText, type CaseResult, type Finding } from '../finding.ts'
import { startHost, type Host } from '../host.ts'
import { residentBytes, residentLimit } from '../residentBytes.ts'
import type { AttackedInputs } from './attackInputs.ts'
import { message } from './messages.ts'

/** So many messages go to one host; what they change in its archive is then forgotten. */
const messagesPerHost = 250

/** Sends hostile messages to a host, over its socket; after each it must answer what anybody asks. */
export async function attackHost(
  given: AttackedInputs & { runIds: readonly string[] },
  numbers: readonly number[],
  onResult: (result: CaseResult) => void,
): Promise<void> {
  let host: Host | undefined
  let sent = 0
  for (const number of numbers) {
    host ??= await startOnCopy(given, number)
    const result = await attackOnce(host, given, number)
    onResult(result)
    const isSpent = ++sent % messagesPerHost === 0
    if (isSpent || result.findings.length > 0) {
      await host.kill()
      host = undefined
    }
  }
  await host?.kill()
}

function startOnCopy({ base, folder }: AttackedInputs, number: number): Promise<Host> {
  const home = join(folder, `host-${number}`)
  mkdirSync(home)
  const archive = join(home, 'archive.grokscope')
  copyFileSync(base, archive)
  return startHost(home, archive)
}

async function attackOnce(
  host: Host,
  { seed, folder, runIds }: AttackedInputs & { runIds: readonly string[] },
  number: number,
): Promise<CaseResult> {
  const { what, bytes } = message(number, runIds, dice(seed, 'inputs', number))
  const toldBefore = host.program.stderr().length
  host.answers()
  await host.send(bytes).catch(() => undefined)
  const list = await host.ask('run.list', {})
  const findings: Finding[] = []
  const add = (fault: Finding['fault'], text: string) => findings.push({ fault, at: what, text })
  const { child } = host.program
  if (child.exitCode !== null || child.signalCode !== null) add('crash', host.program.stderr().slice(-2000))
  else if (!list?.ok) add('unanswered', 'run.list got no answer afterwards')
  else if (residentBytes(child.pid!) > residentLimit) add('memory', `${residentBytes(child.pid!) >> 20} MiB resident`)
  findings.push(...faultsOfText(what, host.program.stderr().slice(toldBefore)))
  const answers = host.answers()
  for (const answer of answers) findings.push(...faultsOfAnswer(what, answer))
  if (list?.ok) await cancelStarted(host, list.data.runs)
  const file = join(folder, `case-${number}`)
  if (findings.length > 0) writeFileSync(file, bytes)
  return {
    number,
    kind: 'message to a host',
    what,
    outcome: findings.length > 0 ? 'finding' : answers.some(({ ok }) => ok) ? 'same' : 'refused',
    findings,
    files: findings.length > 0 ? [file] : [],
  }
}

function faultsOfAnswer(at: string, answer: Result<unknown>): Finding[] {
  if (answer.ok) return []
  const { code, message: text } = answer.error
  return code === 'INTERNAL' ? [{ fault: 'internal error', at, text }] : faultsOfText(at, text)
}

/** A message may have begun what takes hours. */
async function cancelStarted(host: Host, runs: readonly RunSummary[]): Promise<void> {
  const runIds = runs.filter(({ status }) => ['queued', 'running', 'paused'].includes(status)).map(({ id }) => id)
  if (runIds.length > 0) await host.ask('run.cancel', { runIds })
}
