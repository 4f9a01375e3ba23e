import type { Help } from '../../components/HelpPopover.vue'

const transform = 'F_k=\\tfrac1p\\sum_{j=0}^{p-1}E_j\\,e^{-2\\pi i jk/p}'

/** What each panel of the Fourier view explains about itself. */
export const fourierHelp = {
  norms: {
    text: 'The lengths of the real and imaginary Fourier features of the layer. They become equal as circles form: no frequency is preferred. For even p, k = p/2 is the wave that alternates: it has no imaginary part, and noise gives it √2 times the norm.',
    formula: transform,
  },
  cosine: {
    text: 'Cosines between all features. Away from the diagonal they go to zero: features become orthogonal. A feature no larger than rounding is zero and has no direction; its cells are blank.',
    formula: '\\cos(a,b)=\\frac{a\\cdot b}{\\lVert a\\rVert\\,\\lVert b\\rVert}',
  },
  moduli: {
    text: 'Cosines between the features taken entry by entry without sign. High within a frequency and low across means that each unit serves one frequency.',
    formula: '\\cos(|a|,|b|)',
  },
  spectrum: {
    text: 'The power of every frequency, k and −k together, at every snapshot, relative to the mean over frequencies. For even p, k = p/2 counts once: noise gives it half the power of another. Click to go to a step.',
    formula: '\\textstyle w_k\\sum_u|F_k[u]|^2,\\quad w_k=2,\\;w_{p/2}=1',
  },
  units: {
    text: 'Which frequencies each hidden unit responds to, as shares of its variance over the tokens (of W, the answers). A unit that is the same for all of them has none, and is blank. The order of units is that of one step, so that columns stay in place while scrubbing.',
    formula: 'w_k|F_k[u]|^2\\Big/\\textstyle\\sum_{l\\ge1}w_l|F_l[u]|^2',
  },
  circles: {
    text: 'The embeddings of all tokens (of W, the columns of all answers), projected on the plane of one frequency’s features and turned so that the first lies on the right: 0, or for products and quotients 1, after which come the powers of a primitive root. A circle means that the layer represents each step along them as a rotation. Where the features have one direction alone, as k = p/2 always, it is a line; where they are zero, there is none. The inverse participation ratio is the mean over units of Σ s_k², s_k the share of a unit’s power in frequency k: 1 where each unit holds one frequency, one over their number where its power is even.',
    formula: 'j\\mapsto(E_j\\cdot\\mathrm{Re}\\,F_k,\\;E_j\\cdot\\mathrm{Im}\\,F_k)',
  },
} as const satisfies Record<string, Help>
