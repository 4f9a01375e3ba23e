/** 1 at each cell (a, b), and (b, a), of the p × p grid whose pair of D = (0,0), (0,1), …, (1,1), … is in `train`. */
export function isTrainPair(modulus: number, train: Int32Array): Uint8Array {
  const mask = new Uint8Array(modulus * modulus)
  const chosen = new Set(train)
  let index = 0
  for (let a = 0; a < modulus; a++) {
    for (let b = a; b < modulus; b++, index++) {
      if (!chosen.has(index)) continue
      mask[a * modulus + b] = 1
      mask[b * modulus + a] = 1
    }
  }
  return mask
}
