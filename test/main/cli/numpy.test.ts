import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { askPython, hasNumpy } from '../../support/python.ts'

const settings = [
  { p: 13, hidden: 100, n: 70, activation: 'tanh', ridge: 0.05, integrator: 'heun', stepSize: 0.002, steps: 300 },
  { p: 11, hidden: 70, n: 50, activation: 'relu', ridge: 0, integrator: 'euler', stepSize: 0.0005, steps: 200 },
  { p: 13, hidden: 40, n: 70, activation: 'gelu', ridge: 0.2, integrator: 'heun', stepSize: 0.003, steps: 200 },
  { p: 7, hidden: 30, n: 18, activation: 'leakyRelu', ridge: 0.01, integrator: 'euler', stepSize: 0.001, steps: 300 },
]

const writeStart = `
rng = np.random.default_rng(input['seed'])
p, h = input['p'], input['hidden']
E = rng.standard_normal((p, h)) / np.sqrt(p)
train = rng.permutation(p * (p + 1) // 2)[:input['n']]
np.savez(input['path'], E=E, train=train)
print('{}')`

/** The same dynamics again, from the formulas alone, and the largest differences from an exported run. */
const compare = `
from math import erf
p, h, ridge = input['p'], input['hidden'], input['ridge']
Phi = lambda z: 0.5 * (1 + np.vectorize(erf)(z / np.sqrt(2)))
phi = lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
s, ds = {
    'relu': (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    'leakyRelu': (lambda z: np.where(z > 0, z, z / 10), lambda z: np.where(z > 0, 1, 0.1)),
    'tanh': (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    'gelu': (lambda z: z * Phi(z), lambda z: Phi(z) + z * phi(z)),
}[input['activation']]
start = np.load(input['start']); run = np.load(input['run'])
a, b = np.triu_indices(p); c = (a + b) % p
X = np.zeros((len(a), p)); np.add.at(X, (np.arange(len(a)), a), 1); np.add.at(X, (np.arange(len(a)), b), 1)
Y = np.eye(p)[c]
train = np.sort(start['train']); test = np.setdiff1d(np.arange(len(a)), train)
E = start['E']

def second(E):
    H = s(X[train] @ E)
    return np.linalg.solve(H @ H.T + ridge * np.eye(len(H)), Y[train]), H

def field(E):
    B, H = second(E)
    return X[train].T @ ((B @ (H.T @ B).T) * ds(X[train] @ E)) - E

measured = []; states = {}
for t in range(input['steps'] + 1):
    B, H = second(E); W = H.T @ B
    if t in run['step']: states[t] = (E, W, np.linalg.cond(H @ H.T + ridge * np.eye(len(H))))
    out = s(X @ E) @ W; hit = out.argmax(1) == c
    gap = out[np.arange(len(a)), c] - np.where(Y > 0, -np.inf, out).max(1)
    measured.append({
        'trainLoss': ((out[train] - Y[train]) ** 2).sum(), 'testMse': ((out[test] - Y[test]) ** 2).mean(),
        'trainAccuracy': hit[train].mean(), 'testAccuracy': hit[test].mean(),
        'trainMargin': gap[train].min(), 'testMargin': gap[test].mean(),
        'firstLayerNormSquared': (E ** 2).sum(), 'secondLayerNormSquared': (W ** 2).sum(),
        'ridgeObjective': (E ** 2).sum() + (Y[train] * B).sum(),
    })
    f = field(E); eta = input['stepSize']
    E = E + eta * f if input['integrator'] == 'euler' else E + eta / 2 * (f + field(E + eta * f))

relative = lambda x, y: float(np.abs(x - y).max() / max(np.abs(y).max(), 1e-12))
columns = {k: relative(run[k], np.array([measured[int(t)][k] for t in run['step']])) for k in measured[0]}
if ridge == 0: columns['trainLoss'] = float(run['trainLoss'].max() > 1e-15)
seen = ~np.isnan(run['conditionNumber'])
print(json.dumps({
    **columns,
    'E': max(relative(run['E'][i], states[int(t)][0]) for i, t in enumerate(run['snapshotSteps'])),
    'W': max(relative(run['W'][i], states[int(t)][1]) for i, t in enumerate(run['snapshotSteps'])),
    'conditionNumber': relative(run['conditionNumber'][seen], np.array([states[int(t)][2] for t in run['step'][seen]])),
    'snapshots': len(run['snapshotSteps']), 'rows': len(run['step']), 'train': bool((run['train'] == train).all()),
}))`

describe.skipIf(!hasNumpy)('a run from a file of NumPy agrees with NumPy to 1e-9', () => {
  it.concurrent.each(settings)(
    '$activation, p = $p, d_h = $hidden, n = $n, λ = $ridge, $integrator',
    async (setting) => {
      const { p, hidden, activation, ridge, integrator, stepSize, steps } = setting
      const folder = temporaryFolder()
      const start = join(folder, 'start.npz')
      askPython(writeStart, { ...setting, seed: 5, path: start })
      const spec = {
        task: { kind: 'modularAddition', modulus: p, trainFraction: 0.5 },
        network: { hidden, activation },
        initialization: { kind: 'file', path: 'start.npz' },
        dynamics: { kind: 'isolated', ridge, integrator: { kind: integrator, stepSize }, steps },
        record: { measureEvery: 20, snapshots: [10, 100] },
      }
      writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
      const archive = ['--archive', 'a.grokscope']
      const { code, stdout } = await runCommandLine(folder, 'run', 'spec.json', '--json', ...archive)
      expect(code).toBe(0)
      const { runId } = JSON.parse(stdout.split('\n')[0]!) as { runId: string }
      const exported = await runCommandLine(folder, 'export', runId, '--format=npz', '--out=run.npz', ...archive)
      expect(exported.code).toBe(0)
      const run = join(folder, 'run.npz')
      const { snapshots, rows, train, ...differences } = askPython(compare, { ...setting, start, run }) as Record<
        string,
        number
      >
      expect(train).toBe(true)
      expect(snapshots).toBeGreaterThanOrEqual(4)
      expect(rows).toBeGreaterThanOrEqual(steps / 20 + 1)
      for (const [name, difference] of Object.entries(differences)) {
        // κ is found by an iteration that stops at 1e-10, and at λ = 0 is only as good as its smallest eigenvalue.
        const bound = name === 'conditionNumber' ? 1e-6 : 1e-9
        expect([name, difference < bound, difference]).toEqual([name, true, difference])
      }
    },
  )
})
