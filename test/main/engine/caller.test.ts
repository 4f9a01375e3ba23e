import { afterEach, describe, expect, it } from 'vitest'
import { createCaller, type Caller } from '../../../src/main/engine/host/caller.ts'
import { nodeWorkers } from '../../../src/main/engine/host/nodeWorker.ts'
import type { WorkerProcess } from '../../../src/main/engine/host/workerProcess.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { FigureId } from '../../../src/shared/papers/papers.ts'
import { fakeWorkers } from '../../support/fakeWorkers.ts'
import { workerProgram } from '../../support/program.ts'

const callers: Caller[] = []
afterEach(() => Promise.all(callers.splice(0).map((caller) => caller.close())))

function startCaller() {
  const workers: WorkerProcess[] = []
  const caller = createCaller((environment) => {
    workers.push(nodeWorkers(workerProgram)(environment))
    return workers.at(-1)!
  })
  callers.push(caller)
  return { caller, workers }
}

describe('calls into a worker', () => {
  it('answer each its own question, from one process', async () => {
    const { caller, workers } = startCaller()
    const [figures, needs, empty] = await Promise.all([
      caller.call('paper.figures', {}),
      caller.call('paper.needs', { figure: 'musat2025/fig6' }),
      caller.call('paper.evaluate', { figure: 'musat2025/fig6', runs: [], options: {} }),
    ])
    expect(figures.map(({ id }) => id)).toContain('musat2025/fig6')
    for (const { experiments } of figures) experiments.forEach((input) => parseExperiment(input))
    expect(needs.measurements).toContain('testAccuracy')
    expect(empty.claims.length).toBeGreaterThan(5)
    expect(workers.length).toBe(1)
  })

  it('that fail throw what failed there, and the worker goes on', async () => {
    const { caller, workers } = startCaller()
    await expect(caller.call('paper.needs', { figure: 'fig99' as FigureId })).rejects.toMatchObject({
      name: 'LabError',
      message: expect.stringContaining('fig99') as string,
    })
    await caller.call('paper.figures', {})
    expect(workers.length).toBe(1)
  })

  it('are refused once the caller is closed, and start no worker that nobody would end', async () => {
    const { caller, workers } = startCaller()
    await caller.call('paper.figures', {})
    await caller.close()
    await expect(caller.call('paper.figures', {})).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(workers.length).toBe(1)
  })

  it('are lost with a worker that dies, and the next one starts another', async () => {
    const { caller, workers } = startCaller()
    await caller.call('paper.figures', {})
    const lost = caller.call('paper.figures', {})
    process.kill(workers[0]!.pid!, 'SIGKILL')
    await lost.then(
      () => 'it was answered before the worker died',
      (error: unknown) => expect(error).toMatchObject({ code: 'WORKER_DIED' }),
    )
    const figures = () => caller.call('paper.figures', {})
    await expect.poll(async () => (await figures()).length).toBeGreaterThan(0)
    expect(workers.length).toBe(2)
  })
})

it('answers reach who asked, in whatever order they come', async () => {
  const { startWorker, workers } = fakeWorkers()
  const caller = createCaller(startWorker)
  const answers = [caller.call('paper.figures', {}), caller.call('paper.figures', {})]
  for (const id of [2, 1]) workers[0]!.send({ type: 'result', id, result: { ok: true, data: [id] } })
  expect(await Promise.all(answers)).toEqual([[1], [2]])
  const unanswered = [caller.call('paper.figures', {}), caller.call('paper.figures', {})]
  workers[0]!.die({ stderr: 'out of memory' })
  for (const answer of unanswered) {
    await expect(answer).rejects.toMatchObject({
      code: 'WORKER_DIED',
      message: expect.stringMatching(/out of memory$/) as string,
    })
  }
})
