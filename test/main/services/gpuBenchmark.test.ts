import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StartWorker } from '../../../src/main/engine/host/workerProcess.ts'
import type { FromWorker, ToWorker } from '../../../src/main/engine/messages.ts'
import { runGpuBenchmark } from '../../../src/main/services/gpuBenchmark.ts'
import type { GpuCase } from '../../../src/shared/benchmark.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { hasPython } from '../../support/python.ts'

const folder = temporaryFolder()

const target: GpuCase = { size: { p: 5, hidden: 8, n: 10 }, optimizer: 'adamw', loss: 'crossEntropy' }
const counts = { device: 'null', dispatches: 2, submits: 1 / 64, allocatedBytes: 0, hostMicroseconds: 5 }

/** A peer that answers with these lines of Python, where `case` is what it is asked. */
function torch(answer: string): string {
  const path = join(folder, `${Math.random()}.py`)
  writeFileSync(
    path,
    `import json, sys\nfor line in sys.stdin:\n  case = json.loads(line)\n  print(json.dumps(${answer}), flush=True)\n`,
  )
  return path
}

/** Workers whose calls have these answers, one after the other. */
function workers(timings: (number[] | string)[]): StartWorker {
  return () => {
    let tell = (_: unknown) => {}
    return {
      pid: 1,
      post(message) {
        const { id, name } = message as Extract<ToWorker, { type: 'call' }>
        const timing = name === 'machine.countGpuStep' ? undefined : timings.shift()!
        const result: Extract<FromWorker, { type: 'result' }>['result'] =
          typeof timing === 'string'
            ? { ok: false, error: { code: 'BACKEND_UNAVAILABLE', message: timing } }
            : {
                ok: true,
                data: timing
                  ? { device: 'a GPU', compileSeconds: 1 / timing[0]!, microseconds: timing, hostMicroseconds: 7 }
                  : counts,
              }
        queueMicrotask(() => tell({ type: 'result', id, result }))
      },
      onMessage: (listener) => (tell = listener),
      onExit: (listener) => setImmediate(() => listener({ code: 0, signal: null, stderr: '' })),
      kill: () => {},
    }
  }
}

const run = (startWorker: StartWorker, script: string) =>
  runGpuBenchmark({ startWorker, torch: script, cases: [target], rounds: 3, onLine: () => {} })

describe.skipIf(!hasPython)('the benchmark of a GPU and its peers', () => {
  it('takes medians over all rounds, and the first time of compiling', async () => {
    const script = torch(
      `{'microseconds': [len(case['method'])], 'device': 'PyTorch'} if case['p'] == 5 and case['loss'] == 'crossEntropy' else {}`,
    )
    const found = await run(
      workers([
        [10, 11],
        [20, 21],
        [12, 13],
      ]),
      script,
    )
    expect(found).toEqual({
      lines: [
        {
          case: target,
          counts,
          gpu: { device: 'a GPU', microseconds: 12.5, hostMicroseconds: 7, compileSeconds: 0.1 },
          torch: { eager: 5, graph: 5, graphDense: 10, graphByHand: 11 },
        },
      ],
      torchDevice: 'PyTorch',
      missing: [],
    })
  })

  it('says once what is not here, and counts all the same', async () => {
    const script = torch(`{'error': 'no CUDA here'}`)
    expect(await run(workers(['WebGPU: no driver']), script)).toEqual({
      lines: [{ case: target, counts, gpu: null, torch: {} }],
      torchDevice: null,
      missing: ['WebGPU: no driver', 'no CUDA here'],
    })
  })

  it('says that PyTorch is not here where its script ends', async () => {
    const script = join(folder, 'ends.py')
    writeFileSync(script, 'import a_module_that_is_not_there\n')
    expect((await run(workers(['WebGPU: no driver']), script)).missing).toEqual([
      'WebGPU: no driver',
      'python3 with PyTorch was not found',
    ])
  })

  it('leaves out one form that fails, and keeps the others', async () => {
    const script = torch(
      `{'error': 'out of memory'} if case['method'] == 'graph' else {'microseconds': [1], 'device': 'PyTorch'}`,
    )
    const { lines, missing } = await run(workers([[1], [1], [1]]), script)
    expect(lines[0]!.torch).toEqual({ eager: 1, graphDense: 1, graphByHand: 1 })
    expect(missing).toEqual(['out of memory'])
  })
})
