/** Title and captions of each kind of run, tab, matrix and mode: as a person should read them. */
export const expectedCaptions: Readonly<Record<string, Record<string, readonly string[]>>> = {
  isolated: {
    title: ['Isolated first layer, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; isolated first layer, λ → 0',
      'Squared norms: isolated first layer, λ → 0',
      'Test error: mean over held-out pairs and outputs',
      'Training loss: sum over training pairs and outputs',
    ],
    geometry: [
      'Squared norms: isolated first layer, λ → 0',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.9 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ → 0',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; isolated first layer, λ → 0',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; isolated first layer, λ → 0',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; isolated first layer, λ → 0',
      'Predictions: blue where the largest output is the right answer; isolated first layer, λ → 0',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  ridge: {
    title: ['Isolated first layer, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; isolated first layer, λ = 0.001',
      'Squared norms: isolated first layer, λ = 0.001',
      'Test error: mean over held-out pairs and outputs',
      'Training loss: sum over training pairs and outputs',
    ],
    geometry: [
      'Squared norms: isolated first layer, λ = 0.001',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.9 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; isolated first layer, λ = 0.001',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; isolated first layer, λ = 0.001',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; isolated first layer, λ = 0.001',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; isolated first layer, λ = 0.001',
      'Predictions: blue where the largest output is the right answer; isolated first layer, λ = 0.001',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  zeroLossFlow: {
    title: ['Flow on Z, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; flow on Z',
      'Squared norms: flow on Z',
      'Test error: mean over held-out pairs and outputs',
      'Training loss: sum over training pairs and outputs',
    ],
    geometry: [
      'Squared norms: flow on Z',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.9 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; flow on Z',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; flow on Z',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; flow on Z',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; flow on Z',
      'Predictions: blue where the largest output is the right answer; flow on Z',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  gradientDescent: {
    title: ['Gradient descent on the squared error, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; gradient descent on the squared error',
      'Squared norms: gradient descent on the squared error',
      'Mean squared error: mean over pairs and outputs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: gradient descent on the squared error',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the squared error',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; gradient descent on the squared error',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; gradient descent on the squared error',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; gradient descent on the squared error',
      'Predictions: blue where the largest output is the right answer; gradient descent on the squared error',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  'gradientDescent, crossEntropy': {
    title: ['Gradient descent on the cross-entropy, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; gradient descent on the cross-entropy',
      'Squared norms: gradient descent on the cross-entropy',
      'Cross-entropy: mean over pairs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: gradient descent on the cross-entropy',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent on the cross-entropy',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; gradient descent on the cross-entropy',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; gradient descent on the cross-entropy',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; gradient descent on the cross-entropy',
      'Predictions: blue where the largest output is the right answer; gradient descent on the cross-entropy',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  momentum: {
    title: ['Gradient descent with momentum on the squared error, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; gradient descent with momentum on the squared error',
      'Squared norms: gradient descent with momentum on the squared error',
      'Mean squared error: mean over pairs and outputs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: gradient descent with momentum on the squared error',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the squared error',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; gradient descent with momentum on the squared error',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; gradient descent with momentum on the squared error',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; gradient descent with momentum on the squared error',
      'Predictions: blue where the largest output is the right answer; gradient descent with momentum on the squared error',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  'momentum, crossEntropy': {
    title: ['Gradient descent with momentum on the cross-entropy, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; gradient descent with momentum on the cross-entropy',
      'Squared norms: gradient descent with momentum on the cross-entropy',
      'Cross-entropy: mean over pairs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: gradient descent with momentum on the cross-entropy',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; gradient descent with momentum on the cross-entropy',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; gradient descent with momentum on the cross-entropy',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; gradient descent with momentum on the cross-entropy',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; gradient descent with momentum on the cross-entropy',
      'Predictions: blue where the largest output is the right answer; gradient descent with momentum on the cross-entropy',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  adamw: {
    title: ['AdamW on the squared error, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; AdamW on the squared error',
      'Squared norms: AdamW on the squared error',
      'Mean squared error: mean over pairs and outputs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: AdamW on the squared error',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the squared error',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the squared error',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; AdamW on the squared error',
      'Predictions: blue where the largest output is the right answer; AdamW on the squared error',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  'adamw, crossEntropy': {
    title: ['AdamW on the cross-entropy, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; AdamW on the cross-entropy',
      'Squared norms: AdamW on the cross-entropy',
      'Cross-entropy: mean over pairs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: AdamW on the cross-entropy',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the cross-entropy',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the cross-entropy',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the cross-entropy',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; AdamW on the cross-entropy',
      'Predictions: blue where the largest output is the right answer; AdamW on the cross-entropy',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
  toy: {
    title: ['Gradient flow'],
    curves: [
      'Training loss: gradient flow, λ = 0.1',
      'Path: the first two weights',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'First weight: ',
    ],
    geometry: [
      'Weights: gradient flow, λ = 0.1',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Path: the first two weights',
    ],
  },
  branch: {
    title: ['AdamW on the squared error, p = 5'],
    curves: [
      'Accuracy: 11 training pairs, 4 held out; AdamW on the squared error',
      'Squared norms: AdamW on the squared error',
      'Mean squared error: mean over pairs and outputs',
      'Margin: mean of test pairs, smallest of training pairs; above zero is right',
    ],
    geometry: [
      'Squared norms: AdamW on the squared error',
      'Distance to the zero-loss set: to the point of Z that Gauss–Newton returns to',
      'Tangential share: of the loss gradient',
      'Direction of the updates: against −PT θ',
      'Singular values of E: effective rank 4.8 of 5',
    ],
    'matrices, E, value': [
      'Before, step 0: E, 5 tokens × 24 units; ‖E‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'After, step 4: E, in the same order; ‖E‖² = …',
    ],
    'matrices, E, difference': [
      'From step 0 to step 4: ΔE, 5 tokens × 24 units; ‖ΔE‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
    ],
    'matrices, W, value': [
      'Before, step 0: W, 5 outputs × 24 units; ‖W‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'After, step 4: W, in the same order; ‖W‖² = …',
    ],
    'matrices, W, difference': [
      'From step 0 to step 4: ΔW, 5 outputs × 24 units; ‖ΔW‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
    ],
    'matrices, H, value': [
      'Before, step 0: H, 11 training pairs × 24 units; ‖H‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'After, step 4: H, in the same order; ‖H‖² = …',
    ],
    'matrices, H, difference': [
      'From step 0 to step 4: ΔH, 11 training pairs × 24 units; ‖ΔH‖² = …; units by dominant frequency of E at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
    ],
    'fourier, E': [
      'Feature norms: of E, relative to their mean',
      'Cosine: of E: Re Fk, Im Fk',
      'Cosine of moduli: of E: |Re Fk|, |Im Fk|',
      'Frequency × step: power of E against the mean',
      'Unit × frequency: share of the power in E of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'Circles: the 5 tokens of E projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    'fourier, W': [
      'Feature norms: of W, relative to their mean',
      'Cosine: of W: Re Fk, Im Fk',
      'Cosine of moduli: of W: |Re Fk|, |Im Fk|',
      'Frequency × step: power of W against the mean',
      'Unit × frequency: share of the power in W of each of 24 units; by dominant frequency at step 4, then phase; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'Circles: the 5 outputs of W projected on span(Re Fk, Im Fk); 0–3 named; scale per circle',
      'Frequency 2: neighbors 3 apart',
    ],
    predictions: [
      'Predictions: the right output less the largest wrong one: blue above zero is right, red is wrong; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'Predictions: blue where the largest output is the right answer; AdamW on the squared error, branched from k3m5p7q9 at step 4',
      'Margins: pairs by margin; above zero is right',
      'By answer: share of held-out pairs that are right',
    ],
  },
}
