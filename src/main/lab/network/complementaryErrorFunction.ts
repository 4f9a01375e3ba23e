/**
 * erfc(x) = (2/√π)∫_x^∞ e^(−t²)dt for any real x, relative error below 1e-15 where the result is a normal number.
 *
 * Rational approximations of W. J. Cody's kind on four intervals; coefficients of Sun's fdlibm (`s_erf.c`, 1993, freely
 * distributable with this notice). Compiled twice: as TypeScript here, and as AssemblyScript into the fast kernels.
 */
export function complementaryErrorFunction(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude < 0.84375) return center(x)
  if (magnitude < 1.25) return shoulder(x)
  if (magnitude < 28) return x > 0 ? tail(magnitude) : 2 - tail(magnitude)
  if (x > 0) return 0
  return x < 0 ? 2 : x
}

/** |x| < 0.84375: erf(x) = x + x·P(x²)/Q(x²). */
function center(x: number): number {
  const z = x * x
  const p =
    1.28379167095512558561e-1 +
    z *
      (-3.2504210724700149937e-1 +
        z * (-2.84817495755985104766e-2 + z * (-5.77027029648944159157e-3 + z * -2.37630166566501626084e-5)))
  const q =
    1 +
    z *
      (3.97917223959155352819e-1 +
        z *
          (6.50222499887672944485e-2 +
            z * (5.08130628187576562776e-3 + z * (1.32494738004321644526e-4 + z * -3.9602282787753681232e-6))))
  const y = p / q
  return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y)
}

/** 0.84375 ≤ |x| < 1.25: erf(|x|) = c + P(|x| − 1)/Q(|x| − 1) with c near erf(1). */
function shoulder(x: number): number {
  const c = 8.45062911510467529297e-1
  const s = Math.abs(x) - 1
  const p =
    -2.36211856075265944077e-3 +
    s *
      (4.14856118683748331666e-1 +
        s *
          (-3.72207876035701323847e-1 +
            s *
              (3.18346619901161753674e-1 +
                s * (-1.10894694282396677476e-1 + s * (3.54783043256182359371e-2 + s * -2.166375594868790843e-3)))))
  const q =
    1 +
    s *
      (1.06420880400844228286e-1 +
        s *
          (5.40397917702171048937e-1 +
            s *
              (7.18286544141962662868e-2 +
                s * (1.26171219808761642112e-1 + s * (1.36370839120290507362e-2 + s * 1.1984499846799107417e-2)))))
  return x > 0 ? 1 - c - p / q : 1 + (c + p / q)
}

/** 1.25 ≤ x < 28: erfc(x) = e^(−x² − 0.5625 + R(1/x²)/S(1/x²))/x, with x² split so that its rounding does not count. */
function tail(x: number): number {
  const z: number = Math.fround(x)
  const s = 1 / (x * x)
  const ratio = x < 1 / 0.35 ? nearTail(s) : farTail(s)
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + ratio)) / x
}

function nearTail(s: number): number {
  const r =
    -9.86494403484714822705e-3 +
    s *
      (-6.93858572707181764372e-1 +
        s *
          (-1.05586262253232909814e1 +
            s *
              (-6.23753324503260060396e1 +
                s *
                  (-1.62396669462573470355e2 +
                    s * (-1.84605092906711035994e2 + s * (-8.12874355063065934246e1 + s * -9.81432934416914548592))))))
  const q =
    1 +
    s *
      (1.96512716674392571292e1 +
        s *
          (1.376577541435190426e2 +
            s *
              (4.34565877475229228821e2 +
                s *
                  (6.45387271733267880336e2 +
                    s *
                      (4.29008140027567833386e2 +
                        s *
                          (1.08635005541779435134e2 +
                            s * (6.57024977031928170135 + s * -6.04244152148580987438e-2)))))))
  return r / q
}

function farTail(s: number): number {
  const r =
    -9.86494292470009928597e-3 +
    s *
      (-7.99283237680523006574e-1 +
        s *
          (-1.77579549177547519889e1 +
            s *
              (-1.60636384855821916062e2 +
                s * (-6.37566443368389627722e2 + s * (-1.02509513161107724954e3 + s * -4.83519191608651397019e2)))))
  const q =
    1 +
    s *
      (3.03380607434824582924e1 +
        s *
          (3.25792512996573918826e2 +
            s *
              (1.53672958608443695994e3 +
                s *
                  (3.19985821950859553908e3 +
                    s * (2.55305040643316442583e3 + s * (4.74528541206955367215e2 + s * -2.24409524465858183362e1))))))
  return r / q
}
