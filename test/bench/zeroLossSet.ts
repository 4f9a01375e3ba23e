import { wasmBackend } from '../../src/main/lab/backend/wasm/wasmBackend.ts'
import { gramSolverKind, zeroLossBytes } from '../../src/main/lab/network/gramSolver.ts'
import { axpbyAll } from '../../src/main/lab/network/matrixLists.ts'
import { directionOf, matricesOf } from '../../src/main/lab/network/network.ts'
import { zeroLossSet } from '../../src/main/lab/network/zeroLossSet.ts'
import { prepareNetwork } from '../../src/main/lab/prepareNetwork.ts'
import { toRunSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'

/**
 * Times on the zero-loss set on this machine, one thread: `node test/bench/zeroLossSet.ts`. For each size the exact
 * norm-minimizing direction −P_T θ at a point of Z, by both solvers where the exact one is small; least of five.
 */
for (const { modulus, hidden, trainFraction } of [
  { modulus: 11, hidden: 128, trainFraction: 0.894 },
  { modulus: 37, hidden: 512, trainFraction: 0.7 },
]) {
  const input = {
    task: { kind: 'modularAddition', modulus, trainFraction },
    network: { hidden },
    initialization: { kind: 'uniform' },
    dynamics: { kind: 'zeroLossFlow', steps: 1 },
  }
  const spec = toRunSpec(parseExperiment(input), 0)
  const task = spec.task
  if (task.kind !== 'modularAddition') throw new RangeError(task.kind)
  const samples = Math.round((trainFraction * modulus * (modulus + 1)) / 2)
  const size = { samples, outputs: modulus, parameters: 2 * modulus * hidden, hidden }
  const chosen = gramSolverKind(size)
  for (const solver of samples * modulus < 2000 ? (['cholesky', 'conjugateGradients'] as const) : [chosen]) {
    const backend = await wasmBackend('float64', 1)
    const { network } = prepareNetwork({ ...spec, task }, backend, undefined, undefined)
    const set = zeroLossSet(network, { solver })
    const direction = directionOf(network)
    set.project()
    let [wall, busy] = [Infinity, Infinity]
    for (let i = 0; i < 5; i++) {
      const [start, before] = [performance.now(), process.cpuUsage()]
      axpbyAll(backend, -1, matricesOf(network), 0, direction)
      set.linearize()
      set.projectTangent(direction)
      const { user, system } = process.cpuUsage(before)
      wall = Math.min(wall, performance.now() - start)
      busy = Math.min(busy, (user + system) / 1000)
    }
    const name = `p = ${modulus}, d_h = ${hidden}, ${samples * modulus} equations, ${solver}`
    const memory = (zeroLossBytes(size, solver) / 2 ** 20).toFixed(0)
    process.stdout.write(
      `${name.padEnd(58)} ${wall.toFixed(1).padStart(9)} ms, processor ${busy.toFixed(1).padStart(8)} ms, ${memory} MiB\n`,
    )
    backend.close()
  }
}
