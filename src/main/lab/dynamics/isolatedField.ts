import { LabError } from '../../../shared/errors.ts'
import type { Matrix } from '../backend/backend.ts'
import { isCuda } from '../backend/cuda/cudaBackend.ts'
import { isTokens, multiplyInputs, multiplyInputsTransposed } from '../network/inputs.ts'
import type { Network } from '../network/model.ts'
import { requireFinite } from '../network/requireFinite.ts'
import type { VectorField } from '../network/vectorField.ts'

/** The field of the isolated first layer, with what its last evaluation left behind. */
export interface IsolatedField extends VectorField {
  /** R/λ = ‖E‖² + Tr(Yᵀ(HHᵀ + λI)⁻¹Y) at the last evaluated state; for λ = 0 this is ‖E‖² + ‖W‖². */
  ridgeObjective(): number
  /** Lower Cholesky factor of HHᵀ + λI (n × n), or of HᵀH + λI (d_h × d_h) where d_h < n. */
  readonly factor: Matrix
}

/**
 * The motion of the first layer when the second is, at every instant, its ridge regression (Eq. 14–17; λ = 0: Eq. 20):
 *
 *   H = σ(XE),  B = (HHᵀ + λI)⁻¹Y,  W = HᵀB,  Ė = Xᵀ((BWᵀ) ⊙ σ'(XE)) − E
 *
 * which is −∇R/(2λ) for R(E) = λ‖E‖² + λ·Tr(Yᵀ(HHᵀ + λI)⁻¹Y); its time unit is 1/(2λ). X (n × p), E (p × d_h),
 * H (n × d_h), B and Y (n × p), W (d_h × p). Costs n²d_h/2 + n³/6 + n²p + 2·n·p·d_h multiply-adds, by Cholesky, never by
 * an inverse. Where d_h < n (λ > 0 only) the small system W = (HᵀH + λI)⁻¹HᵀY, B = (Y − HW)/λ is the same (Woodbury).
 *
 * Each evaluation also leaves W in the network. On a card the n × n form may be evaluated by the kernel of whole steps
 * (`fused`), and where that meets a pivot that it does not divide by, as without it. Throws NOT_POSITIVE_DEFINITE where the Cholesky factorization fails,
 * DIVERGED where that is because H is not finite; INVALID_SPECIFICATION for a model whose
 * readout is not linear.
 */
export function isolatedField(network: Network, ridge: number): IsolatedField {
  const { backend, model, train } = network
  if (!model.linearReadout) {
    throw new LabError('INVALID_SPECIFICATION', 'dynamics.kind: "isolated" needs a network whose readout is linear')
  }
  const { activation } = model.linearReadout
  const { E, W } = model.linearReadout.layers(network)
  const { X, Y } = train
  const samples = X.rows
  const hidden = E.columns
  const small = hidden < samples
  if (small && ridge === 0) {
    throw new RangeError(`ridge 0 needs at least as many hidden units (${hidden}) as training pairs (${samples})`)
  }
  const order = small ? hidden : samples
  const Z = backend.matrix(samples, hidden)
  const H = backend.matrix(samples, hidden)
  const B = backend.matrix(samples, Y.columns)
  const factor = backend.matrix(order, order)
  const fused =
    isCuda(backend) && isTokens(X) && !small
      ? backend.fusedSteps({ X, Y, E, activation, ridge, factor, B, W })
      : undefined
  if (fused && isCuda(backend)) fused.isUsed = backend.steps?.isFused ?? false

  function solveSecondLayer(): void {
    backend.symmetricRankK(small, 1, H, 0, factor)
    if (ridge > 0) backend.addDiagonal(ridge, factor)
    const failed = backend.cholesky(factor)
    if (failed > 0) {
      requireFinite(backend.dot(H, H), '‖H‖²')
      const matrix = `${small ? 'HᵀH' : 'HHᵀ'}${ridge > 0 ? ` + ${ridge}·I` : ''}`
      throw new LabError(
        'NOT_POSITIVE_DEFINITE',
        `${matrix} (order ${order}) is not positive definite to rounding: its Cholesky factorization fails at row ${failed}`,
      )
    }
    if (small) {
      backend.gemm(true, false, 1, H, Y, 0, W)
      backend.solveCholesky(factor, W)
      backend.axpby(1, Y, 0, B)
      backend.gemm(false, false, -1 / ridge, H, W, 1 / ridge, B)
    } else {
      backend.axpby(1, Y, 0, B)
      backend.solveCholesky(factor, B)
      backend.gemm(true, false, 1, H, B, 0, W)
    }
  }

  return {
    state: [E],
    runsAhead: true,
    fused,
    factor,
    evaluate([velocity]) {
      if (fused?.isUsed && fused.evaluate(velocity!)) return
      multiplyInputs(backend, X, E, Z)
      backend.activate(activation, Z, H)
      solveSecondLayer()
      backend.gemm(false, true, 1, B, W, 0, H)
      backend.multiplyByDerivative(activation, Z, H)
      backend.axpby(-1, E, 0, velocity!)
      multiplyInputsTransposed(backend, X, H, 1, velocity!)
    },
    ridgeObjective: () => backend.dot(E, E) + backend.dot(Y, B),
  }
}
