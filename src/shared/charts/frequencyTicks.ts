/** The frequencies of 1 … K that an axis names: few all, else 1, every fifth (tenth, …) and K, without those too near to K. */
export function frequencyTicks(K: number): number[] {
  const stride = K <= 8 ? 1 : K <= 25 ? 5 : K <= 60 ? 10 : K <= 130 ? 25 : 50
  const inner: number[] = []
  for (let k = stride; k <= K - stride * 0.5; k += stride) inner.push(k)
  return [...new Set([1, ...inner, K])].filter((k) => k <= K)
}
